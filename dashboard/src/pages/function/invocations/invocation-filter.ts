import { type InvocationResponse, listInvocations } from '@glambdar/client';
import { throwing } from '../../../api/client.js';
import type { Outcome } from '../outcome.js';
import { anyTime, type ChosenRange, timeRangeOf } from '../time-range.js';

/** Which calls to list; undefined for any. */
export interface InvocationFilter {
  readonly outcome: Outcome | undefined;
  readonly version: number | undefined;
  readonly range: ChosenRange;
}

export const everything: InvocationFilter = { outcome: undefined, version: undefined, range: anyTime };

/** How many calls are listed at first, and each time that one asks for more; the last is all that a server gives at once. */
export const listLengths = [50, 200, 1000] as const;
export type ListLength = (typeof listLengths)[number];

/** The last of the function's calls, the newest first. A range that ends before it begins has none. */
export async function invocationsOf(
  name: string,
  { outcome, version, range }: InvocationFilter,
  limit: ListLength,
  signal: AbortSignal,
): Promise<readonly InvocationResponse[]> {
  const time = timeRangeOf(range);
  if ('error' in time) return [];
  const query = { function: name, outcome, version, ...time.range, limit };
  const { data } = await listInvocations({ ...throwing, query, signal });
  return data.invocations;
}
