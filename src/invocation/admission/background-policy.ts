import { shareOf } from '../../common/budgets/fair-share.settings.js';
import { callerPriorities } from '../invocation.js';
import { callOf, keyMayRun, type NextCall, type RunningLoad, type Situation } from './admission-policy.js';
import type { BackgroundShare, Load } from './capacity.js';
import type { FunctionQueue } from './function-queue.js';

/** The inputs of a decision about calls in the background, besides those that wait. */
export interface BackgroundSituation extends Situation {
  readonly share: BackgroundShare;
  /** Those of the running calls that run in the background. */
  readonly background: RunningLoad;
}

/** Whether a caller waits for what the server lacks: whatever becomes free is the caller's. */
export function callerLacksRoom(waiting: Iterable<FunctionQueue>, situation: Situation): boolean {
  for (const queue of waiting) {
    if (callerPriorities.some((priority) => callOf(queue, priority, situation))) return true;
  }
  return false;
}

/** Whether the server has room for any call in the background; functions and keys have limits of their own. */
export function hasBackgroundRoom(waiting: Iterable<FunctionQueue>, situation: BackgroundSituation): boolean {
  const { running, background, capacity, share } = situation;
  if (background.load.calls >= share.capacity.calls || running.load.calls >= capacity.calls) return false;
  return !callerLacksRoom(waiting, situation);
}

/** How many more calls of the function may begin in the background, where no caller lacks room. */
export function backgroundRoom(queue: FunctionQueue, situation: BackgroundSituation): number {
  const { running, background, capacity, share } = situation;
  const { limit, memoryMiB } = queue;
  const ofFunction = { calls: queue.running, memoryMiB: queue.running * memoryMiB };
  const behind = { calls: queue.runningInBackground, memoryMiB: queue.runningInBackground * memoryMiB };
  const room = Math.min(
    limit - queue.running,
    shareOf(limit, share.percent) - queue.runningInBackground,
    roomIn(capacity.functionShare, ofFunction, memoryMiB),
    roomIn(share.capacity.functionShare, behind, memoryMiB),
    roomIn(share.capacity, background.load, memoryMiB),
    unused(capacity, running.load, memoryMiB),
  );
  return Math.max(0, room);
}

/** Whether the key's limits leave room for one more of its calls in the background. */
export function keyHasBackgroundRoom(
  keyId: string | undefined,
  { memoryMiB }: FunctionQueue,
  { running, background, capacity, share }: BackgroundSituation,
): boolean {
  return (
    keyMayRun(keyId, memoryMiB, running, capacity) && keyMayRun(keyId, memoryMiB, background, share.capacity)
  );
}

/**
 * The next call in the background, if one may begin: of the functions with one that has room, of that which has the fewest
 * running in the background. There is none while a caller lacks room, however long it has waited itself.
 */
export function nextInBackground(
  waiting: Iterable<FunctionQueue>,
  situation: BackgroundSituation,
): NextCall | undefined {
  if (callerLacksRoom(waiting, situation)) return undefined;
  let next: NextCall | undefined;
  for (const queue of waiting) {
    if (next && next.queue.runningInBackground <= queue.runningInBackground) continue;
    if (backgroundRoom(queue, situation) === 0) continue;
    const call = queue.next('background', (keyId) => keyHasBackgroundRoom(keyId, queue, situation));
    if (call) next = { queue, call };
  }
  return next;
}

/** Calls that a share has room for; a first one always has. */
function roomIn(share: Load, used: Load, callMiB: number): number {
  const room = unused(share, used, callMiB);
  return used.calls === 0 ? Math.max(1, room) : room;
}

function unused(most: Load, used: Load, callMiB: number): number {
  return Math.min(most.calls - used.calls, Math.floor((most.memoryMiB - used.memoryMiB) / callMiB));
}
