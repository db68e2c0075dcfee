import fc from 'fast-check';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { inFormat, logFormatFor, PinoLog, soonWritten, textLine } from './pino-log.js';

/** What a log would print, as objects. */
function loggingAt(logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent') {
  const printed: string[] = [];
  const output = { write: (line: string) => void printed.push(line), flushSync: () => undefined };
  const log = PinoLog.writingTo(output, { logLevel });
  return { log, lines: () => printed.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('the buffer before standard output', () => {
  it('is written out a tenth of a second after the first of its lines', () => {
    const clock = new ManualClock();
    const done: string[] = [];
    const output = soonWritten(
      {
        write: (line) => void done.push(line),
        flush: () => void done.push('flushed'),
        flushSync: () => undefined,
      },
      clock,
    );
    output.write('one');
    clock.advance(60);
    output.write('two');
    clock.advance(40);
    output.write('three');
    clock.advance(100);
    expect(done).toEqual(['one', 'two', 'flushed', 'three', 'flushed']);
    // While it is empty, nobody wakes up for it.
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('PinoLog', () => {
  it('prints one JSON object per line: level, time, fields, message', () => {
    const { log, lines } = loggingAt('info');
    log.info({ function: 'hello', outcome: 200 }, 'invocation');
    expect(lines()).toEqual([
      expect.objectContaining({ level: 'info', function: 'hello', outcome: 200, msg: 'invocation' }),
    ]);
    expect(new Date(lines()[0]!['time'] as string).toISOString()).toBe(lines()[0]!['time']);
  });

  it('prints an error with its stack and its cause', () => {
    const { log, lines } = loggingAt('info');
    log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
    const { message, stack } = lines()[0]!['err'] as { message: string; stack: string };
    expect(message).toContain('inner');
    expect(stack).toContain('pino-log.spec');
  });

  it('prints nothing below its level', () => {
    const { log, lines } = loggingAt('warn');
    log.debug({}, 'debug');
    log.info({}, 'info');
    log.warn({}, 'warn');
    log.error({}, 'error');
    expect(lines().map(({ level }) => level)).toEqual(['warn', 'error']);
  });

  it('gives a child fields of its own', () => {
    const { log, lines } = loggingAt('info');
    log.child({ container: 'a' }).child({ attempt: 2 }).info({ step: 'start' }, 'moved');
    expect(lines()[0]).toMatchObject({ container: 'a', attempt: 2, step: 'start' });
  });

  it('never prints what lets somebody in', () => {
    const { log, lines } = loggingAt('info');
    const headers = {
      authorization: 'hunter2',
      cookie: 'hunter2',
      'set-cookie': 'hunter2',
      'x-api-key': 'hunter2',
      'x-glambdar-key': 'hunter2',
    };
    log.info({ ...headers, headers, request: { headers } }, 'request');
    expect(JSON.stringify(lines())).not.toContain('hunter2');
  });

  it('sends nothing to a terminal that is shown its JSON', () => {
    const printed: string[] = [];
    const output = { write: (line: string) => void printed.push(line), flushSync: () => undefined };
    const log = PinoLog.writingTo(inFormat('json', output), { logLevel: 'info' });
    const hostile = '\u009b2J \u001b[2J \u007f \u202e \u2028';
    log.info({ hostile }, hostile);
    expect(printed.join('').trimEnd()).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
    expect(JSON.parse(printed.join(''))).toMatchObject({ hostile, msg: hostile });
  });

  it('keeps one line for one message, whatever is in it', () => {
    const { log, lines } = loggingAt('info');
    log.info({ output: 'a\n{"level":"error"}' }, 'b\nc');
    expect(lines()).toHaveLength(1);
  });
});

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
    expect(stack).toContainEqual(expect.stringMatching(/^ {4}at .*pino-log\.spec/));
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
