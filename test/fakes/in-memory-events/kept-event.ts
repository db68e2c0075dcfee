import type { EventRecord, EventResult, NewEvent } from '../../../src/events/event.js';
import { keptBytesOf, resultBytesOf } from '../../../src/events/store/kept-bytes.js';
import type { StoreTime } from '../../../src/events/store/store-clock.js';

/** An event as it is kept: what is due is in the store's time. */
export interface KeptEvent {
  readonly position: number;
  readonly event: NewEvent;
  record: EventRecord;
  dueMs: number | null;
  expiresMs: number;
  owner: string | null;
  leaseUntilMs: number;
  forgetMs: number | null;
  result: EventResult | null;
  resultUntilMs: number;
}

export function shown({ record, dueMs, expiresMs }: KeptEvent, { aheadMs }: StoreTime): EventRecord {
  const nextAttemptAtMs = dueMs === null ? null : dueMs - aheadMs;
  return { ...record, nextAttemptAtMs, expiresAtMs: expiresMs - aheadMs };
}

export function isWaiting({ record: { state } }: KeptEvent): boolean {
  return state === 'queued' || state === 'failed';
}

export function bytesOf({ record, result }: KeptEvent): number {
  return keptBytesOf(record.state, record.requestBytes, resultBytesOf(result));
}
