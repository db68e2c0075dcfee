import { Flag, objectProblem, OneOf, PlainText, Ruled } from '../../common/input/field-rules.js';
import { quoted } from '../../common/safe-text.js';
import type { Schedule } from '../function.js';
import { scheduleNamePattern, scheduleNameRule } from '../schedule-name.js';
import { cronProblem } from './cron-expression.js';

/** Limits of a function's schedules: with the function they are read, shown and kept. */
export const maxSchedules = 20;
export const maxSchedulePayloadBytes = 16 * 1024;
/** Of all schedules of a function together, as JSON. */
export const maxSchedulesBytes = 64 * 1024;

/** From a second, which is the shortest of an expression, to a year: `30s`, `10m`, `2h`, `7d`. */
const everyPattern = /^([1-9]\d{0,6})(s|m|h|d)$/;
const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const shortestMs = 1000;
const longestMs = 366 * 86_400_000;

/** The length of `every` in milliseconds; undefined if it is none. */
export function intervalMsOf(every: string): number | undefined {
  const [, count = '', unit = ''] = everyPattern.exec(every) ?? [];
  const ms = Number(count) * unitMs[unit as keyof typeof unitMs];
  return ms >= shortestMs && ms <= longestMs ? ms : undefined;
}

const printable = /^[ -~]*$/;

/** Without it the document would take a field of any type for an object. */
export const anyJson = [
  ...['object', 'string', 'number', 'boolean', 'null'].map((type) => ({ type })),
  { type: 'array', items: {} },
];

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
        : `${name} must be a whole number and s, m, h or d, from 1s to 366d, such as 10m`,
    {
      type: 'string',
      required: false,
      description: 'Instead of `cron`: the time from one call to the next, such as `10m`.',
      example: '10m',
    },
  )
  readonly every?: string;

  @PlainText(
    { pattern: printable, maxLength: 64, rule: 'the name of a time zone, such as Europe/Berlin' },
    { required: false, default: 'UTC', description: 'Time zone of `cron` (IANA).', example: 'Europe/Berlin' },
  )
  readonly timeZone?: string;

  @Ruled(payloadProblem, {
    required: false,
    description: 'Any JSON: the body of each call.',
    example: { report: 'sales' },
    oneOf: anyJson,
  })
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
  return Buffer.byteLength(JSON.stringify(schedules)) <= maxSchedulesBytes
    ? undefined
    : `${name} must have at most ${maxSchedulesBytes} bytes as JSON, all schedules together`;
}

/** The rule that one schedule breaks; undefined if none. */
export function scheduleProblem(definition: unknown, name: string): string | undefined {
  const problem = objectProblem(ScheduleDto, definition, name);
  if (problem !== undefined) return problem;
  return brokenRule(definition as Schedule, (field) => (field === undefined ? name : `${name}.${field}`))
    ?.problem;
}

/** A rule that no field breaks alone. */
interface BrokenRule {
  readonly field: 'cron' | 'timeZone';
  /** A sentence without its end. */
  readonly problem: string;
}

/** The rule that the fields of a schedule break together, each of which keeps its own; undefined if none. */
export function brokenRule(
  { cron, every, timeZone }: Schedule,
  nameOf: (field?: BrokenRule['field']) => string,
): BrokenRule | undefined {
  if ((cron === undefined) === (every === undefined))
    return { field: 'cron', problem: `${nameOf()} must have one of cron and every` };
  if (every !== undefined && timeZone !== undefined)
    return {
      field: 'timeZone',
      problem: `${nameOf('timeZone')} must be left out with every, which no time zone changes`,
    };
  if (timeZone !== undefined && !isTimeZone(timeZone))
    return {
      field: 'timeZone',
      problem: `${nameOf('timeZone')} must be the name of a time zone, such as Europe/Berlin, unlike ${quoted(timeZone)}`,
    };
  const problem = cron === undefined ? undefined : cronProblem(cron, timeZone, nameOf('cron'));
  return problem === undefined ? undefined : { field: 'cron', problem };
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
