import { client } from '@glambdar/client/client';
import { throwing } from './client.js';

/** Calls over time, one number for each step. */
export interface StatsSeries {
  readonly from: string;
  readonly calls: readonly number[];
  readonly callerErrors: readonly number[];
  readonly functionErrors: readonly number[];
  readonly platformErrors: readonly number[];
  readonly p50Ms: readonly (number | null)[];
  readonly p99Ms: readonly (number | null)[];
}

export interface FunctionStats {
  readonly name: string;
  readonly calls: number;
  readonly errors: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly lastCallAt: string;
  readonly sparkline: readonly number[];
}

export interface Disk {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export interface StatsServer {
  readonly startedAt: string;
  readonly version: string;
  readonly running: number;
  readonly waiting: number;
  readonly readyContainers: number;
  readonly prewarmedContainers: number;
  readonly memory: { readonly containersMiB: number; readonly budgetMiB: number };
  readonly engine: { readonly state: 'up' | 'down' };
  readonly disk: Disk | null;
}

export interface Attention {
  readonly severity: 'warning' | 'error';
  readonly code: string;
  readonly message: string;
  readonly function: string | null;
}

export interface Stats {
  readonly now: string;
  readonly stepSeconds: number;
  readonly series: StatsSeries | null;
  readonly functions: readonly FunctionStats[];
  readonly server: StatsServer | null;
  readonly attention: readonly Attention[];
}

/** How far back the plots go. */
export const ranges = [
  { minutes: 60, title: 'Hour', within: 'in the last hour' },
  { minutes: 360, title: '6 hours', within: 'in the last 6 hours' },
  { minutes: 1440, title: 'Day', within: 'in the last day' },
] as const;

export type Range = (typeof ranges)[number];

export async function loadStats(
  { minutes, functionName }: { readonly minutes: Range['minutes']; readonly functionName?: string },
  signal: AbortSignal,
): Promise<Stats> {
  const query = { minutes, ...(functionName !== undefined && { function: functionName }) };
  const { data } = await client.get<{ 200: Stats }, unknown, true>({
    ...throwing,
    url: '/stats',
    query,
    signal,
  });
  return data;
}
