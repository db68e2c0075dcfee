import { destination, type Logger, pino } from 'pino';
import { Log, type LogFields } from '../common/log/log.js';
import { escapeUnsafe } from '../common/safe-text.js';
import { readEnvironment } from '../common/settings/settings.js';
import { type Clock, SystemClock } from '../common/time/clock.js';
import { lineTime } from './line-time.js';
import type { TelemetrySettings } from './telemetry.settings.js';

/** Where log lines go: an asynchronous, bounded buffer before standard output, written out when the process ends. */
interface LogOutput {
  write(line: string): void;
  flushSync(): void;
}

const standardOutput = 1;

/** Lines are written together: a write for each of them would take an eighth of a warm call's time. */
const writtenTogetherBytes = 8 * 1024;

/** The longest that a line waits for others, and so what a `kill -9` may take from the log's end. */
const longestWaitMs = 100;

function standardLogOutput(settings: TelemetrySettings): LogOutput {
  const output = destination({
    dest: standardOutput,
    sync: false,
    minLength: writtenTogetherBytes,
    maxLength: settings.logBufferBytes,
  });
  // Nobody reads the log any more; the server goes on without one.
  output.on('error', () => undefined);
  process.once('exit', () => {
    output.flushSync();
  });
  const format = logFormatFor(settings, { isTerminal: process.stdout.isTTY, environment: readEnvironment() });
  return inFormat(format, soonWritten(output, new SystemClock()));
}

/** A buffer that writes out what it holds when it is told to. */
interface BufferedOutput extends LogOutput {
  flush(): void;
}

/** Lines leave the buffer in time, and while there is none nobody wakes up for it. */
export function soonWritten(output: BufferedOutput, clock: Clock): LogOutput {
  let isDue = false;
  const writeOut = () => {
    isDue = false;
    output.flush();
  };
  return {
    write: (line) => {
      output.write(line);
      if (isDue) return;
      isDue = true;
      clock.schedule(longestWaitMs, writeOut);
    },
    flushSync: () => {
      output.flushSync();
    },
  };
}

/** What a line holds may be a stranger's text; whoever shows it on a terminal, at once or later, sees text. */
export function inFormat(format: LogFormat, output: LogOutput): LogOutput {
  const written = (json: string) =>
    format === 'json' ? escapeUnsafe(json) : textLine(json, format === 'colored-text');
  return {
    write: (line) => {
      output.write(written(line));
    },
    flushSync: () => {
      output.flushSync();
    },
  };
}

/** Where the log goes, as far as it decides how it is written. */
interface LogTarget {
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

type LogFormat = 'json' | 'text' | 'colored-text';

/** Text for a person at a terminal, JSON for a program at the other end of a pipe, unless somebody has chosen. */
export function logFormatFor(
  { logFormat }: Pick<TelemetrySettings, 'logFormat'>,
  { isTerminal, environment }: LogTarget,
): LogFormat {
  const isText = logFormat === 'text' || (logFormat === 'auto' && isTerminal);
  if (!isText) return 'json';
  // https://no-color.org: any value but an empty one says no.
  const isColored = isTerminal && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  return isColored ? 'colored-text' : 'text';
}

interface ParsedLine {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

const colors: Readonly<Record<string, string>> = { debug: '2', info: '32', warn: '33', error: '31' };

/** The same in every line, and known to whoever sits at the terminal. */
const leftOut = ['pid', 'hostname'];

/** Values that stand without quotes. */
const plainValue = /^[\w./:@+-]+$/;

/**
 * A line of the log as a person reads it: time, level, message, fields, and below them the stack of an error. Whatever
 * a field holds, nothing in it reaches the terminal but text.
 */
export function textLine(json: string, isColored: boolean): string {
  const { level, time, msg, err, ...fields } = JSON.parse(json) as ParsedLine;
  const painted = (text: string, color: string) => (isColored ? `\u001b[${color}m${text}\u001b[0m` : text);
  const { stack, rest } = partsOf(err);
  const named = Object.entries({ ...fields, ...rest })
    .filter(([name]) => !leftOut.includes(name))
    .map(([name, value]) => `${shown(name)}=${shown(value)}`);
  const head = [
    localTime(time),
    painted(level.toUpperCase().padEnd(5), colors[level] ?? '0'),
    unquoted(msg),
    ...(named.length > 0 ? [painted(named.join(' '), '2')] : []),
  ];
  return `${[head.join(' '), ...stack.map((line) => `    ${unquoted(line.trim())}`)].join('\n')}\n`;
}

/** An error is its stack where it has one. */
function partsOf(err: unknown): {
  readonly stack: readonly string[];
  readonly rest: Record<string, unknown>;
} {
  if (err === undefined) return { stack: [], rest: {} };
  const { stack } = Object(err) as { stack?: unknown };
  return typeof stack === 'string' ? { stack: stack.split('\n'), rest: {} } : { stack: [], rest: { err } };
}

function shown(value: unknown): string {
  if (typeof value === 'string' && plainValue.test(value)) return value;
  return escapeUnsafe(JSON.stringify(value));
}

function unquoted(text: string): string {
  return escapeUnsafe(JSON.stringify(text)).slice(1, -1).replaceAll('\\"', '"');
}

function localTime(iso: string): string {
  const time = new Date(iso);
  return `${time.toTimeString().slice(0, 8)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

/** Headers that carry secrets, wherever a line might hold headers. */
const secrets = ['authorization', 'cookie', '["set-cookie"]', '["x-api-key"]', '["x-glambdar-key"]'];
const redactedPaths = ['', 'headers', 'request.headers', 'response.headers'].flatMap((holder) =>
  secrets.map((name) => (name.startsWith('[') || holder === '' ? `${holder}${name}` : `${holder}.${name}`)),
);

/** One JSON object per line. */
export class PinoLog extends Log {
  private constructor(private readonly logger: Logger) {
    super();
  }

  static writingTo(output: LogOutput, { logLevel }: Pick<TelemetrySettings, 'logLevel'>): PinoLog {
    const options = {
      level: logLevel,
      timestamp: lineTime(() => Date.now()),
      formatters: { level: (label: string) => ({ level: label }) },
      redact: { paths: redactedPaths, censor: '[redacted]' },
    };
    return new PinoLog(pino(options, output));
  }

  override debug(fields: LogFields, message: string): void {
    this.logger.debug(fields, message);
  }

  override info(fields: LogFields, message: string): void {
    this.logger.info(fields, message);
  }

  override warn(fields: LogFields, message: string): void {
    this.logger.warn(fields, message);
  }

  override error(fields: LogFields, message: string): void {
    this.logger.error(fields, message);
  }

  override child(fields: LogFields): Log {
    return new PinoLog(this.logger.child(fields));
  }
}

let log: Log | undefined;

/** The log on standard output. A process has one of these, so all applications in it share one buffer before it. */
export function processLog(settings: TelemetrySettings): Log {
  log ??= PinoLog.writingTo(standardLogOutput(settings), settings);
  return log;
}
