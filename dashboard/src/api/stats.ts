import { getStats, type StatsResponse } from '@glambdar/client';
import { throwing } from './client.js';

/** How far back the plots go. */
export const ranges = [
  { minutes: 60, title: 'Hour', within: 'in the last hour' },
  { minutes: 360, title: '6 hours', within: 'in the last 6 hours' },
  { minutes: 1440, title: 'Day', within: 'in the last day' },
] as const;

export type Range = (typeof ranges)[number];

/** Of one function, or of all that the key may see. */
export async function loadStats(
  { minutes, functionName }: { readonly minutes: Range['minutes']; readonly functionName?: string },
  signal: AbortSignal,
): Promise<StatsResponse> {
  const { data } = await getStats({ ...throwing, query: { minutes, function: functionName }, signal });
  return data;
}
