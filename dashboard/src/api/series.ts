import type { StatsSeries } from '@glambdar/client';

/** When each step of a series begins, in seconds since 1970. */
export function timesOf({ from, calls }: Pick<StatsSeries, 'from' | 'calls'>, stepSeconds: number): number[] {
  const first = Date.parse(from) / 1000;
  return calls.map((_, step) => first + step * stepSeconds);
}

export interface Totals {
  readonly calls: number;
  readonly callerErrors: number;
  readonly functionErrors: number;
  readonly platformErrors: number;
  readonly errors: number;
}

export function totalsOf(series: StatsSeries): Totals {
  const [calls, callerErrors, functionErrors, platformErrors] = [
    series.calls,
    series.callerErrors,
    series.functionErrors,
    series.platformErrors,
  ].map(sum) as [number, number, number, number];
  const errors = callerErrors + functionErrors + platformErrors;
  return { calls, callerErrors, functionErrors, platformErrors, errors };
}

/** Which part of the calls failed; null without calls. */
export function errorRate({ calls, errors }: Pick<Totals, 'calls' | 'errors'>): number | null {
  return calls === 0 ? null : errors / calls;
}

/** The last value that was measured; null where none was. */
export function latest(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

/** The highest value that was measured; null where none was. */
export function highest(values: readonly (number | null)[]): number | null {
  const measured = values.filter((value) => value !== null);
  return measured.length === 0 ? null : Math.max(...measured);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
