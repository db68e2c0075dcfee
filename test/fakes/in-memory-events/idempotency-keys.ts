import type { EventId, EventResult } from '../../../src/events/event.js';
import type { CallClaim, IdempotencyClaim } from '../../../src/events/store/event-store.js';
import { withoutContent } from '../../../src/events/store/kept-bytes.js';
import type { StoreTime } from '../../../src/events/store/store-clock.js';

interface KeptKey {
  readonly claim: IdempotencyClaim;
  readonly untilMs: number;
  /** Null for the key of a call. */
  readonly eventId: EventId | null;
  readonly callId: string | null;
  readonly leaseUntilMs: number;
  result: EventResult | null;
  /** How many answers there had been, this one included. */
  answered: number;
}

function bytesOf(result: EventResult | null): number {
  if (!result?.body) return 0;
  const { status, headers, bodyBytes, body } = result;
  return JSON.stringify({ status, headers, bodyBytes }).length + body.length;
}

/** What the keys of idempotent requests stand for. */
export class IdempotencyKeys {
  private keys: KeptKey[] = [];
  private answers = 0;

  constructor(private readonly answerBytes: number) {}

  /** The id of the event that the key has made, and whether the same request made it. */
  firstEvent(claim: IdempotencyClaim, time: StoreTime) {
    const key = this.find(claim, 'event', time);
    return key && { id: String(key.eventId), isSame: key.claim.fingerprint === claim.fingerprint };
  }

  keepEvent(claim: IdempotencyClaim, eventId: EventId, time: StoreTime): void {
    this.keep(claim, { eventId, callId: null, leaseUntilMs: 0 }, time);
  }

  claimCall(claim: IdempotencyClaim, callId: string, leaseMs: number, time: StoreTime): CallClaim {
    const key = this.find(claim, 'call', time);
    if (key && key.claim.fingerprint !== claim.fingerprint) return { kind: 'different' };
    if (key?.result) return { kind: 'answered', result: key.result };
    const isHeld = key !== undefined && key.leaseUntilMs > time.nowMs;
    if (isHeld) return { kind: key.callId === callId ? 'first' : 'running' };
    this.keys = this.keys.filter((other) => other !== key);
    this.keep(claim, { eventId: null, callId, leaseUntilMs: time.nowMs + leaseMs }, time);
    return { kind: 'first' };
  }

  answerCall(claim: IdempotencyClaim, callId: string, result: EventResult | null, time: StoreTime): void {
    const key = this.find(claim, 'call', time);
    if (key?.callId !== callId || key.result) return;
    if (result) this.keepAnswer(key, result);
    else this.keys = this.keys.filter((other) => other !== key);
  }

  /** Of all answers. */
  bytes(): number {
    return this.keys.reduce((sum, kept) => sum + bytesOf(kept.result), 0);
  }

  private keepAnswer(key: KeptKey, result: EventResult): void {
    this.answers += 1;
    key.answered = this.answers;
    key.result = bytesOf(result) > this.answerBytes ? withoutContent(result) : result;
    const oldestFirst = [...this.keys].sort((one, other) => one.answered - other.answered);
    for (const oldest of oldestFirst) {
      if (this.bytes() > this.answerBytes && oldest.result) oldest.result = withoutContent(oldest.result);
    }
  }

  /** Returns how many have expired; at most `limit` of them go. */
  forgetExpired(limit: number, { nowMs }: StoreTime): number {
    const expired = this.keys.filter(({ untilMs }) => untilMs <= nowMs);
    const gone = new Set(expired.slice(0, limit));
    this.keys = this.keys.filter((key) => !gone.has(key));
    return expired.length;
  }

  keepFunctions(keeps: (functionId: string) => boolean): void {
    this.keys = this.keys.filter(({ claim }) => keeps(claim.functionId));
  }

  private find(claim: IdempotencyClaim, use: 'event' | 'call', { nowMs }: StoreTime): KeptKey | undefined {
    return this.keys.find(
      (kept) =>
        kept.claim.functionId === claim.functionId &&
        kept.claim.caller === claim.caller &&
        kept.claim.key === claim.key &&
        (kept.eventId === null) === (use === 'call') &&
        kept.untilMs > nowMs,
    );
  }

  private keep(
    claim: IdempotencyClaim,
    holder: Pick<KeptKey, 'eventId' | 'callId' | 'leaseUntilMs'>,
    { aheadMs }: StoreTime,
  ): void {
    this.keys = [
      { claim, untilMs: claim.untilMs + aheadMs, ...holder, result: null, answered: 0 },
      ...this.keys,
    ];
  }
}
