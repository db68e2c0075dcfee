import { shareOf } from '../../common/budgets/fair-share.settings.js';
import { strangers } from '../../common/auth/caller.js';
import type { NewEvent } from '../event.js';
import type { Acceptance, EventBudget, QueueLimit } from './event-store.js';

/** What waits already; bytes are those of requests of events that run, too. */
export interface Waiting {
  /** Of the function. */
  readonly events: number;
  readonly bytes: number;
  /** Of these, what callers without a key have sent. */
  readonly strangers: number;
  readonly strangersBytes: number;
  /** Over all functions. */
  readonly serverBytes: number;
}

type Room = Pick<Acceptance, 'maxQueued'> &
  Pick<EventBudget, 'queuedBytes' | 'functionQueuedBytes' | 'strangersPercent'>;

/** Whether somebody sent it who has shown no key, where others have one. */
export function isOfStranger({ keyId }: Pick<NewEvent, 'keyId'>): boolean {
  return keyId === strangers;
}

/**
 * The limit that keeps the event out; undefined where there is room for it. So that no function takes all of the disk, and strangers
 * never all of a function's queue, each has a share; a single event may be larger than that.
 */
export function limitReached(
  event: Pick<NewEvent, 'keyId' | 'request'>,
  waiting: Waiting,
  { maxQueued, queuedBytes, functionQueuedBytes, strangersPercent }: Room,
): QueueLimit | undefined {
  const { length: bytes } = event.request.body;
  const isTooMuch = (taken: number, limit: number) => bytes > 0 && taken > 0 && taken + bytes > limit;
  if (waiting.events >= maxQueued) return 'events';
  if (isOfStranger(event)) {
    if (waiting.strangers >= shareOf(maxQueued, strangersPercent)) return 'strangers';
    if (isTooMuch(waiting.strangersBytes, shareOf(functionQueuedBytes, strangersPercent))) return 'strangers';
  }
  if (isTooMuch(waiting.bytes, functionQueuedBytes)) return 'bytes';
  return waiting.serverBytes + bytes > queuedBytes ? 'server-bytes' : undefined;
}
