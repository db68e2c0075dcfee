import type { TelemetrySettings } from './telemetry.settings.js';

/** Where the log goes, as far as it decides how it is written. */
export interface LogTarget {
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export type LogFormat = 'json' | 'text' | 'colored-text';

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
