import type { FunctionSettings } from '../../functions/function.js';
import type { FunctionQueue } from './function-queue.js';

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

/** What one running call takes. */
export interface RunningCallLoad {
  readonly keyId: string | undefined;
  readonly memoryMiB: number;
  /** Since when it runs, in monotonic milliseconds. */
  readonly sinceMs: number;
}

interface Sum {
  calls: number;
  memoryMiB: number;
}

const nothing: Load = { calls: 0, memoryMiB: 0 };

/** Adds up what running calls take. */
export class RunningLoad {
  private readonly calls = new Set<RunningCallLoad>();
  private readonly loadByKey = new Map<string, Sum>();
  private readonly sum: Sum = { calls: 0, memoryMiB: 0 };

  /** A live view: it changes as calls are added and removed. */
  get load(): Load {
    return this.sum;
  }

  /** A snapshot. */
  loadWithKey(keyId: string): Load {
    return this.loadByKey.get(keyId) ?? nothing;
  }

  /** Memory of the running calls that started after `sinceMs`. */
  memoryMiBSince(sinceMs: number): number {
    let memoryMiB = 0;
    for (const call of this.calls) if (call.sinceMs > sinceMs) memoryMiB += call.memoryMiB;
    return memoryMiB;
  }

  add(call: RunningCallLoad): void {
    this.calls.add(call);
    count(this.sum, call, 1);
    const { keyId } = call;
    if (keyId === undefined) return;
    let load = this.loadByKey.get(keyId);
    if (!load) this.loadByKey.set(keyId, (load = { ...nothing }));
    count(load, call, 1);
  }

  /** Only for a call that was added, and only once. */
  remove(call: RunningCallLoad): void {
    this.calls.delete(call);
    count(this.sum, call, -1);
    const load = call.keyId === undefined ? undefined : this.loadByKey.get(call.keyId);
    if (!load) return;
    count(load, call, -1);
    // Keys come and go; one without running calls is not kept.
    if (load.calls === 0 && call.keyId !== undefined) this.loadByKey.delete(call.keyId);
  }
}

function count(sum: Sum, { memoryMiB }: RunningCallLoad, change: 1 | -1): void {
  sum.calls += change;
  sum.memoryMiB += change * memoryMiB;
}

/** Calls of one function that may run side by side; those of a warm function need a container each. */
export function runningLimitOf({ isolation, maxConcurrency, maxContainers }: FunctionSettings): number {
  return isolation === 'warm' ? Math.min(maxConcurrency, maxContainers) : maxConcurrency;
}

/**
 * A call counts for no more of the memory than this, however large its function is: the others always have room left.
 */
export function countedMemoryMiB(memoryMiB: number, capacityMiB: number): number {
  return Math.min(memoryMiB, Math.floor((capacityMiB * 3) / 4));
}

/** Whether the limits of the function and of its key allow one more call. */
export function mayRun(
  queue: FunctionQueue,
  keyId: string | undefined,
  running: RunningLoad,
  capacity: Capacity,
): boolean {
  return functionMayRun(queue, capacity) && keyMayRun(keyId, queue.memoryMiB, running, capacity);
}

export function functionMayRun(
  { running, limit, memoryMiB }: FunctionQueue,
  { functionShare }: Capacity,
): boolean {
  return running < limit && leavesRoom(running, running * memoryMiB, memoryMiB, functionShare);
}

export function keyMayRun(
  keyId: string | undefined,
  callMiB: number,
  running: RunningLoad,
  { keyShare }: Capacity,
): boolean {
  if (keyId === undefined) return true;
  const { calls, memoryMiB } = running.loadWithKey(keyId);
  return leavesRoom(calls, memoryMiB, callMiB, keyShare);
}

/** Whether one more call stays within a share; a first one always does. */
function leavesRoom(calls: number, memoryMiB: number, callMiB: number, share: Load): boolean {
  return calls === 0 || (calls < share.calls && memoryMiB + callMiB <= share.memoryMiB);
}

/** Whether one more call may run beside those that do: they may all fill their memory at once. */
export function fits({ load }: RunningLoad, capacity: Load, memoryMiB: number): boolean {
  return load.calls < capacity.calls && load.memoryMiB + memoryMiB <= capacity.memoryMiB;
}
