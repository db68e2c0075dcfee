import { totalmem } from 'node:os';
import { shareOf, type FairShareSettings } from '../../common/budgets/fair-share.settings.js';
import type { InvocationSettings } from '../invocation.settings.js';

/** What running calls take together, or may take at most. */
export interface Load {
  readonly calls: number;
  readonly memoryMiB: number;
}

export interface Capacity extends Load {
  /** Most that the calls of one function may take of it; one call of a larger function may run all the same. */
  readonly functionShare: Load;
  /** Most that the calls with one key may take; one larger call may run all the same. */
  readonly keyShare: Load;
}

/** The part of every limit that calls in the background may take: callers have the rest at any moment. */
export interface BackgroundShare {
  readonly percent: number;
  readonly capacity: Capacity;
}

export function capacityOf(
  { running: calls, runningMemoryMiB }: Pick<InvocationSettings, 'running' | 'runningMemoryMiB'>,
  { functionPercent, keyPercent }: Pick<FairShareSettings, 'functionPercent' | 'keyPercent'>,
): Capacity {
  const all = { calls, memoryMiB: runningMemoryMiB === 0 ? mostOfMachineMiB() : runningMemoryMiB };
  return { ...all, functionShare: partOf(all, functionPercent), keyShare: partOf(all, keyPercent) };
}

export function backgroundShareOf(capacity: Capacity, percent: number): BackgroundShare {
  return {
    percent,
    capacity: {
      ...partOf(capacity, percent),
      functionShare: partOf(capacity.functionShare, percent),
      keyShare: partOf(capacity.keyShare, percent),
    },
  };
}

function partOf({ calls, memoryMiB }: Load, percent: number): Load {
  return { calls: shareOf(calls, percent), memoryMiB: shareOf(memoryMiB, percent) };
}

/** Leaves room for the engine, the server and idle containers. */
function mostOfMachineMiB(): number {
  return Math.floor((totalmem() * 3) / 4 / 1024 / 1024);
}
