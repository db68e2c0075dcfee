import type { FunctionMetadata, FunctionStats } from '@glambdar/client';
import { errorRate } from '../../api/series.js';

/** A function in the list, with its calls in the last hour where the key may know them. */
export interface FunctionRow {
  readonly name: string;
  readonly version: number;
  readonly state: FunctionMetadata['state'];
  readonly stateReason: string | undefined;
  readonly lastInvokedAt: string | null;
  /** Undefined where nobody told. */
  readonly sparkline: readonly number[] | undefined;
  readonly calls: number | undefined;
  readonly errorRate: number | null;
}

export function rowsOf(
  functions: readonly FunctionMetadata[],
  stats: readonly FunctionStats[] | undefined,
): FunctionRow[] {
  const called = new Map(stats?.map((one) => [one.name, one]));
  return functions.map(({ name, version, state, stateReason, lastInvokedAt }) => {
    const numbers = called.get(name);
    return {
      name,
      version,
      state,
      stateReason,
      lastInvokedAt,
      sparkline: stats && (numbers?.sparkline ?? []),
      calls: stats && (numbers?.calls ?? 0),
      errorRate: numbers ? errorRate(numbers) : null,
    };
  });
}

/** Those whose name has every word of the search in it, whatever the case. */
export function found(rows: readonly FunctionRow[], search: string): readonly FunctionRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}
