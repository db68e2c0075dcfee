import fc from 'fast-check';
import { logFormatFor, textLine } from './log-output.js';
import { PinoLog } from './pino-log.js';

describe('the format of the log', () => {
  it.each([
    ['auto', true, {}, 'colored-text'],
    ['auto', false, {}, 'json'],
    ['json', true, {}, 'json'],
    ['text', false, {}, 'text'],
    ['text', true, {}, 'colored-text'],
    ['auto', true, { NO_COLOR: '1' }, 'text'],
    ['auto', true, { NO_COLOR: '' }, 'colored-text'],
    ['auto', true, { TERM: 'dumb' }, 'text'],
    ['auto', false, { NO_COLOR: '1' }, 'json'],
  ] as const)(
    'set to %s, at a terminal (%s), with %j, is %s',
    (logFormat, isTerminal, environment, format) => {
      expect(logFormatFor({ logFormat }, { isTerminal, environment })).toBe(format);
    },
  );
});

const time = '2026-01-02T03:04:05.006Z';
const line = (fields: Record<string, unknown>) => JSON.stringify({ level: 'info', time, ...fields });
const localTime = new Date(time).toTimeString().slice(0, 8);

describe('a line of the log for a person', () => {
  it('is time, level, message and fields', () => {
    const fields = {
      url: 'http://127.0.0.1:8000',
      calls: 3,
      name: 'a b',
      phases: { load: 1 },
      msg: 'listening',
    };
    expect(textLine(line(fields), false)).toBe(
      `${localTime}.006 INFO  listening url=http://127.0.0.1:8000 calls=3 name="a b" phases={"load":1}\n`,
    );
  });

  it('has the stack of an error below it, with its causes', () => {
    const printed: string[] = [];
    const output = {
      write: (text: string) => void printed.push(textLine(text, false)),
      flushSync: () => undefined,
    };
    const err = new Error('outer', { cause: new Error('inner') });
    PinoLog.writingTo(output, { logLevel: 'info' }).error({ err, function: 'hello' }, 'failed');
    const [head, ...stack] = printed.join('').trimEnd().split('\n');
    expect(head).toMatch(/ERROR failed function=hello$/);
    expect(stack[0]).toMatch(/^ {4}Error: outer/);
    expect(stack).toContainEqual(expect.stringMatching(/^ {4}caused by: Error: inner/));
    expect(stack).toContainEqual(expect.stringMatching(/^ {4}at .*log-output\.spec/));
  });

  it('shows an error without a stack among the fields', () => {
    expect(textLine(line({ msg: 'failed', err: 'no error' }), false)).toContain('failed err="no error"');
    expect(textLine(line({ msg: 'failed', err: null }), false)).toContain('failed err=null');
  });

  it('is coloured where that is wanted', () => {
    const colored = textLine(line({ msg: 'listening', calls: 3 }), true);
    expect(colored).toContain('\u001b[32mINFO \u001b[0m listening \u001b[2mcalls=3\u001b[0m');
  });

  it('sends nothing to the terminal but text, whatever is in it', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u001b[2J', '\u009b2J', '\u001b]0;t\u0007', '\r', '\b', '\u202e', 'a\nb', '\u007f'),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, (msg, name, value, stack) => {
        const text = textLine(line({ msg, [`x${name}`]: value, err: { stack } }), false);
        // Line ends are ours: of the line, and between the lines of the stack, which are indented.
        expect(text.replaceAll('\n    ', ' ').replace(/\n$/, '')).not.toMatch(
          /[\p{Cc}\u2028\u2029\u202a-\u202e]/u,
        );
      }),
    );
  });
});
