import { logLine } from '../../../test/support/builders/calls.js';
import { budgetBytesOf, type LogLine } from '../store/record-store.js';
import { LineQueue } from './line-queue.js';

const lineBytes = 256;

function lineOf(id: string, sequence: number, text = ''): LogLine {
  return logLine(sequence, { function: { id, name: id, version: 1, revision: 1 }, text });
}

/** Room for eight empty lines, four of one function. */
function queueWith(lines: readonly LogLine[]): LineQueue {
  const queue = new LineQueue({ total: 8 * lineBytes, share: 4 * lineBytes });
  for (const line of lines) queue.add(line);
  return queue;
}

const taken = (queue: LineQueue, rows: number, bytes = 1e6) =>
  queue.take({ rows, bytes }).map(({ function: { id }, sequence }) => `${id}${sequence}`);

describe('lines that wait', () => {
  it('are taken of the functions round robin, and in the order of their numbers', () => {
    const queue = queueWith([lineOf('a', 1), lineOf('a', 2), lineOf('a', 3), lineOf('b', 4), lineOf('c', 5)]);
    expect(taken(queue, 3)).toEqual(['a1', 'b4', 'c5']);
    expect(taken(queue, 3)).toEqual(['a2', 'a3']);
    expect(queue.isEmpty).toBe(true);
  });

  it('wait for the next batch, in the same order, where there are more functions than rows', () => {
    const queue = queueWith([lineOf('a', 1), lineOf('a', 2), lineOf('b', 3), lineOf('c', 4)]);
    expect([taken(queue, 2), taken(queue, 2)]).toEqual([
      ['a1', 'b3'],
      ['a2', 'c4'],
    ]);
  });

  it('are taken up to a number of bytes, and at least one', () => {
    const queue = queueWith([lineOf('a', 1, 'x'.repeat(500)), lineOf('b', 2), lineOf('b', 3)]);
    expect(taken(queue, 9, 300)).toEqual(['a1']);
    expect(taken(queue, 9, 300)).toEqual(['b2', 'b3']);
  });

  it('give their room to others when they are taken, or their function is deleted', () => {
    const queue = queueWith([1, 2, 3, 4].map((sequence) => lineOf('a', sequence)));
    expect(queue.add(lineOf('a', 5))).toBe(false);
    expect([6, 7, 8, 9].map((sequence) => queue.add(lineOf('b', sequence)))).toEqual(Array(4).fill(true));
    expect(queue.add(lineOf('c', 10))).toBe(false);
    queue.forget('b');
    expect(queue.add(lineOf('c', 11))).toBe(true);
    taken(queue, 9);
    expect(queue.add(lineOf('a', 12))).toBe(true);
  });

  it('are followed by one of the server where more have come than there is room for', () => {
    const queue = queueWith([1, 2, 3, 4, 5, 6].map((sequence) => lineOf('a', sequence)));
    expect(queue.newest('a')).toBe(6);
    expect(taken(queue, 4)).toEqual(['a1', 'a2', 'a3', 'a4']);
    expect([queue.holdsUpTo(6, 'a'), queue.holdsUpTo(6, 'b')]).toEqual([true, false]);
    queue.add(lineOf('a', 7));
    const [remark, next] = queue.take({ rows: 9, bytes: 1e6 });
    expect(remark).toMatchObject({
      sequence: 6,
      stream: 'runtime',
      text: expect.stringMatching(/^2 lines/) as string,
    });
    expect(next?.sequence).toBe(7);
  });

  it('count as many bytes as in what is kept', () => {
    expect(budgetBytesOf(lineOf('a', 1))).toBe(lineBytes);
  });
});
