import { Cron } from 'croner';
import { Flag, objectProblem, OneOf, PlainText, Ruled } from '../../common/input/field-rules.js';
import type { Schedule } from '../function.js';

/** Limits of a function's schedules: with the function they are read, shown and kept. */
export const maxSchedules = 20;
export const maxSchedulePayloadBytes = 16 * 1024;

export const scheduleNamePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
export const scheduleNameRule = '1 to 64 letters, digits, "_" or "-", beginning with a letter or a digit';

/** From ten seconds to a year: `30s`, `10m`, `2h`, `7d`. */
const everyPattern = /^([1-9]\d{0,6})(s|m|h|d)$/;
const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const shortestMs = 10_000;
const longestMs = 366 * 86_400_000;

/** The length of `every` in milliseconds; undefined if it is none. */
export function intervalMsOf(every: string): number | undefined {
  const [, count = '', unit = ''] = everyPattern.exec(every) ?? [];
  const ms = Number(count) * unitMs[unit as keyof typeof unitMs];
  return ms >= shortestMs && ms <= longestMs ? ms : undefined;
}

const printable = /^[ -~]*$/;

/** One member of the setting `schedules`, and the body of `PUT /schedules/:name/:schedule`. */
export class ScheduleDto implements Schedule {
  @PlainText(
    { pattern: printable, maxLength: 256, rule: 'a cron expression in ASCII' },
    {
      required: false,
      description:
        'Minute, hour, day of the month, month and day of the week, as crontab has them; a field of seconds may come first.',
      example: '*/5 * * * *',
    },
  )
  readonly cron?: string;

  @Ruled(
    (value, name) =>
      typeof value === 'string' && intervalMsOf(value) !== undefined
        ? undefined
        : `${name} must be a whole number and s, m, h or d, from 10s to 366d, such as 10m`,
    {
      type: 'string',
      required: false,
      description: 'Instead of `cron`: the time from one call to the next, such as `10m`.',
    },
  )
  readonly every?: string;

  @PlainText(
    { pattern: printable, maxLength: 64, rule: 'the name of a time zone, such as Europe/Berlin' },
    { required: false, default: 'UTC', description: 'Time zone of `cron` (IANA).', example: 'Europe/Berlin' },
  )
  readonly timeZone?: string;

  @Ruled(payloadProblem, { required: false, description: 'Any JSON: the body of each call.' })
  readonly payload?: unknown;

  @Flag({ required: false, default: true, description: 'Whether it calls at all.' })
  readonly enabled?: boolean;

  @OneOf(['skip', 'run-once'], {
    required: false,
    default: 'skip',
    description:
      'What becomes of times that pass while the server does not run: `skip` leaves them out, `run-once` makes up for all of them with one call.',
  })
  readonly missed?: 'skip' | 'run-once';
}

function payloadProblem(value: unknown, name: string): string | undefined {
  return Buffer.byteLength(JSON.stringify(value)) <= maxSchedulePayloadBytes
    ? undefined
    : `${name} must have at most ${maxSchedulePayloadBytes} bytes as JSON`;
}

/** The rule that a function's schedules break, as a sentence without its end; undefined if none. */
export function schedulesProblem(schedules: unknown, name: string): string | undefined {
  if (typeof schedules !== 'object' || schedules === null || Array.isArray(schedules))
    return `${name} must be an object of schedules by their names`;
  const entries = Object.entries(schedules as Record<string, unknown>);
  if (entries.length > maxSchedules) return `${name} must have at most ${maxSchedules} schedules`;
  for (const [schedule, definition] of entries) {
    const problem = scheduleNamePattern.test(schedule)
      ? scheduleProblem(definition, `${name}.${schedule}`)
      : `The name of a schedule must be ${scheduleNameRule}`;
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The rule that one schedule breaks; undefined if none. */
export function scheduleProblem(definition: unknown, name: string): string | undefined {
  const problem = objectProblem(ScheduleDto, definition, name);
  if (problem !== undefined) return problem;
  const { cron, every, timeZone } = definition as Schedule;
  if ((cron === undefined) === (every === undefined)) return `${name} must have one of cron and every`;
  if (every !== undefined && timeZone !== undefined)
    return `${name}.timeZone must be left out with every, which no time zone changes`;
  if (timeZone !== undefined && !isTimeZone(timeZone))
    return `${name}.timeZone must be the name of a time zone, such as Europe/Berlin, unlike ${JSON.stringify(timeZone)}`;
  return cron === undefined ? undefined : cronProblem(cron, timeZone, `${name}.cron`);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Five fields or six, or `@daily` and the like; the parser alone would also take one moment for an expression. */
const cronPattern = /^\s*(?:\S+(?:\s+\S+){4,5}|@[a-z]+)\s*$/i;

function cronProblem(cron: string, timeZone = 'UTC', name: string): string | undefined {
  if (!cronPattern.test(cron)) return `${name} must be a cron expression of five or six fields`;
  try {
    const next = new Cron(cron, { paused: true, timezone: timeZone, mode: '5-or-6-parts' }).nextRun();
    return next === null
      ? `${name} must name a time that comes; ${JSON.stringify(cron)} never does`
      : undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^[A-Za-z]+: /, '') : String(error);
    return `${name} must be a cron expression of five or six fields: ${reason.replace(/\.$/, '')}`;
  }
}
