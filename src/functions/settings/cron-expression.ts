import { Cron } from 'croner';
import { quoted } from '../../common/safe-text.js';

/** Throws where the parser does not understand it; `cronProblem` says why. */
export function parseCron(cron: string, timeZone = 'UTC'): Cron {
  return new Cron(cron, { paused: true, timezone: timeZone, mode: '5-or-6-parts' });
}

interface CronField {
  readonly name: string;
  /** What it may be, in words. */
  readonly values: string;
}

const fields: readonly CronField[] = [
  { name: 'second', values: '0 to 59' },
  { name: 'minute', values: '0 to 59' },
  { name: 'hour', values: '0 to 23' },
  { name: 'day of the month', values: '1 to 31, or L for the last' },
  { name: 'month', values: '1 to 12, or JAN to DEC' },
  { name: 'day of the week', values: '0 to 7 (both are Sunday), or SUN to SAT' },
];

/** Alone they stand for five fields. */
const nicknames = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@hourly'];

/** The rule that an expression breaks, as a sentence without its end; undefined if none. */
export function cronProblem(cron: string, timeZone: string | undefined, name: string): string | undefined {
  const parts = cron.trim().split(/\s+/);
  if (cron.trim().startsWith('@')) {
    if (!nicknames.includes(cron.trim().toLowerCase()))
      return `${name} must be five or six fields, or one of ${nicknames.join(', ')}`;
  } else if (parts.length !== 5 && parts.length !== 6)
    return `${name} must be a cron expression of five or six fields, such as "*/5 * * * *" for every five minutes`;
  const problem = partProblem(parts, name);
  if (problem !== undefined) return problem;
  return isEverDue(cron, timeZone)
    ? undefined
    : `${name} must name a time that comes; ${quoted(cron)} never does`;
}

/** Each field is tried among others that anything fits, so that the one that is wrong can be named. */
function partProblem(parts: readonly string[], name: string): string | undefined {
  if (parts.length === 1) return undefined;
  const named = fields.slice(fields.length - parts.length);
  const wrong = parts.findIndex(
    (part, index) => !isUnderstood(parts.map((_, other) => (other === index ? part : '*'))),
  );
  const field = named[wrong];
  if (!field) return undefined;
  return (
    `${name} has the ${field.name} ${quoted(parts[wrong] ?? '')}, which must be *, or values from ${field.values}: ` +
    'single, as a list (1,3), as a range upwards (1-5), each with a step if you like (*/10, 1-30/2)'
  );
}

function isUnderstood(parts: readonly string[]): boolean {
  try {
    parseCron(parts.join(' '));
    return true;
  } catch {
    return false;
  }
}

function isEverDue(cron: string, timeZone: string | undefined): boolean {
  return parseCron(cron, timeZone).nextRun() !== null;
}
