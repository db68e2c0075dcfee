import { DueQueues } from './due-queues.js';

describe('what is due', () => {
  it('comes in turn: who had theirs and has more comes last', () => {
    const queues = new DueQueues();
    queues.mark('a', 0);
    queues.mark('b', 0);
    expect([...queues.due(0)]).toEqual(['a', 'b']);
    queues.take('a');
    queues.mark('a', 0);
    queues.mark('c', 0);
    expect([...queues.due(0)]).toEqual(['b', 'a', 'c']);
  });

  it('is due at the earliest time that it was marked with', () => {
    const queues = new DueQueues();
    queues.mark('a', 50);
    queues.mark('a', 20);
    queues.mark('a', 80);
    expect([...queues.due(19)]).toEqual([]);
    expect(queues.nextAfter(19)).toBe(20);
    expect([...queues.due(20)]).toEqual(['a']);
  });

  it('is not what comes next', () => {
    const queues = new DueQueues();
    expect(queues.nextAfter(0)).toBeUndefined();
    queues.mark('a', 10);
    queues.mark('b', 30);
    queues.mark('c', 20);
    expect(queues.nextAfter(10)).toBe(20);
    queues.take('c');
    queues.take('b');
    expect(queues.nextAfter(10)).toBeUndefined();
  });
});
