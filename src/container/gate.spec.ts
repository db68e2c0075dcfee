import { Gate } from './gate.js';

describe('Gate', () => {
  it('lets in as many as there are places', async () => {
    const gate = new Gate(2, 0);
    await gate.enter();
    await gate.enter();
    expect(gate.occupied).toBe(2);
    expect(gate.enter()).toBeUndefined();
  });

  it('lets those in line in, first come, first served', async () => {
    const gate = new Gate(1, 2);
    const order: string[] = [];
    const leave = await gate.enter();
    const first = gate.enter()!.then((next) => (order.push('first'), next));
    const second = gate.enter()!.then((next) => (order.push('second'), next));
    expect(gate.enter()).toBeUndefined();
    leave!();
    (await first)();
    (await second)();
    expect(order).toEqual(['first', 'second']);
    expect(gate.occupied).toBe(0);
  });

  it('counts a place that is given back twice once', async () => {
    const gate = new Gate(2, 0);
    const leave = await gate.enter();
    await gate.enter();
    leave!();
    leave!();
    expect(gate.occupied).toBe(1);
  });
});
