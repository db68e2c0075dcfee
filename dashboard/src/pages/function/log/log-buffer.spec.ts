import type { LogLineResponse } from '@glambdar/client';
import { emptyLog, filtered, isAtEnd, type LogLevel, withGap, withLines } from './log-buffer.js';

const line = (sequence: number, level: LogLevel = 'info', text = `line ${sequence}`): LogLineResponse => ({
  sequence,
  at: '2026-01-31T12:00:00.000Z',
  invocationId: '5bd66ef5-0954-4a1c-8c7d-1f2e3d4c5b6a',
  version: 1,
  revision: 1,
  phase: 'call',
  stream: 'stdout',
  level,
  text,
  truncated: false,
  droppedBytes: 0,
});
const sequences = ({ entries }: Pick<typeof emptyLog, 'entries'>) =>
  entries.map((entry) => (entry.kind === 'line' ? entry.line.sequence : entry.text));

describe('the log that the page keeps', () => {
  it('has the newest lines, and counts the others', () => {
    const log = withLines(withLines(emptyLog, [line(1), line(2)], 3), [line(3), line(4), line(5)], 3);
    expect(sequences(log)).toEqual([3, 4, 5]);
    expect(log.forgotten).toBe(2);
  });

  it('has each line once, however often it is sent', () => {
    const log = withLines(emptyLog, [line(1), line(2)]);
    expect(sequences(withLines(log, [line(1), line(2), line(3)]))).toEqual([1, 2, 3]);
    expect(withLines(log, [line(2)])).toBe(log);
  });

  it('says where lines are missing, within the same bound', () => {
    const log = withLines(withGap(withLines(emptyLog, [line(1)]), '5 lines were not sent', 2), [line(9)], 2);
    expect(sequences(log)).toEqual(['5 lines were not sent', 9]);
    expect(log.forgotten).toBe(1);
  });

  it('gives every gap a name of its own', () => {
    const log = withGap(withGap(emptyLog, 'a', 1), 'b', 1);
    const ids = new Set(
      [withGap(emptyLog, 'a', 1), log].flatMap(({ entries }) => entries.map((e) => e.kind === 'gap' && e.id)),
    );
    expect(ids.size).toBe(2);
  });
});

describe('the filter of the log', () => {
  const { entries } = withLines(withGap(emptyLog, 'gap'), [
    line(1, 'debug', 'starts'),
    line(2, 'info', 'GET /orders'),
    line(3, 'warn', 'slow'),
    line(4, 'error', 'no orders'),
  ]);

  it.each<[LogLevel, string, unknown[]]>([
    ['debug', '', ['gap', 1, 2, 3, 4]],
    ['warn', '', ['gap', 3, 4]],
    ['debug', 'ORDERS', ['gap', 2, 4]],
    ['error', 'orders', ['gap', 4]],
    ['debug', '5bd66ef5', ['gap', 1, 2, 3, 4]],
    ['debug', '.*', ['gap']],
  ])('for %s and above, with %j', (level, search, shown) => {
    expect(sequences({ entries: filtered(entries, { level, search }) })).toEqual(shown);
  });
});

describe('scrolling along', () => {
  it.each([
    [{ scrollTop: 900, clientHeight: 100, scrollHeight: 1000 }, true],
    [{ scrollTop: 880, clientHeight: 100, scrollHeight: 1000 }, true],
    [{ scrollTop: 500, clientHeight: 100, scrollHeight: 1000 }, false],
    [{ scrollTop: 0, clientHeight: 100, scrollHeight: 50 }, true],
  ])('%j: %p', (box, expected) => {
    expect(isAtEnd(box)).toBe(expected);
  });
});
