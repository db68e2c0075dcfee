import { inFormat } from './log-output.js';
import { PinoLog } from './pino-log.js';

/** What a log would print, as objects. */
function loggingAt(logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent') {
  const printed: string[] = [];
  const output = { write: (line: string) => void printed.push(line), flushSync: () => undefined };
  const log = PinoLog.writingTo(output, { logLevel });
  return { log, lines: () => printed.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

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
