import { parseExposition, valueOf } from '../../support/exposition.js';
import type { Server } from './server.js';

/** A timer looks so often, and counts what it waits between two looks. */
const EVERY_MS = 10;

/** How much later than due a server's event loop came round, since it was last asked. */
export interface LoopDelay {
  readonly p99Ms: number;
  readonly worstMs: number;
}

/** Asking begins a new count. */
export async function loopDelayOf({ client }: Server): Promise<LoopDelay> {
  const metrics = parseExposition((await client.get('/metrics')).text);
  const lateMs = (name: string) => {
    const seconds = valueOf(metrics, `nodejs_eventloop_lag_${name}_seconds`) ?? Number.NaN;
    return Math.max(0, seconds * 1_000 - EVERY_MS);
  };
  return { p99Ms: lateMs('p99'), worstMs: lateMs('max') };
}
