import { DueQueue } from './due-queue.js';

/** The same numbers in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield state / 2 ** 32;
  }
}

describe('a queue of what is due', () => {
  it('gives what is due, the earliest first, and keeps the rest', () => {
    const queue = new DueQueue<string>();
    queue.put('late', 30);
    queue.put('early', 10);
    queue.put('middle', 20);
    expect(queue.nextMs).toBe(10);
    expect([queue.take(20), queue.take(20), queue.take(20)]).toEqual(['early', 'middle', undefined]);
    expect(queue.nextMs).toBe(30);
  });

  it('has each item once: what is put again moves', () => {
    const queue = new DueQueue<string>();
    queue.put('one', 10);
    queue.put('other', 20);
    queue.put('one', 30);
    expect([queue.take(100), queue.take(100), queue.take(100)]).toEqual(['other', 'one', undefined]);
  });

  it('is empty where nothing is in it, also after everything was deleted', () => {
    const queue = new DueQueue<string>();
    queue.put('one', 10);
    queue.delete('one');
    queue.delete('one');
    expect([queue.nextMs, queue.take(Infinity)]).toEqual([Infinity, undefined]);
  });

  it('agrees with a sorted list, whatever is put, moved and deleted', () => {
    const random = numbers(7);
    const below = (limit: number) => Math.floor(random.next().value * limit);
    const queue = new DueQueue<number>();
    const list = new Map<number, number>();
    for (let step = 0; step < 5000; step += 1) {
      const item = below(200);
      if (below(4) === 0) {
        queue.delete(item);
        list.delete(item);
      } else {
        const dueMs = below(1_000_000);
        queue.put(item, dueMs);
        list.set(item, dueMs);
      }
      expect(queue.nextMs).toBe(Math.min(Infinity, ...list.values()));
    }
    const taken: number[] = [];
    for (let next = queue.take(Infinity); next !== undefined; next = queue.take(Infinity)) taken.push(next);
    const times = taken.map((item) => list.get(item));
    expect(times).toEqual([...list.values()].sort((one, other) => one - other));
  });
});
