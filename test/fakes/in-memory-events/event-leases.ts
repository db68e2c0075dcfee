import type { EventId } from '../../../src/events/event.js';
import {
  isSettled,
  startedAttempt,
  withEnded,
  withLost,
  withStarted,
} from '../../../src/events/store/attempts.js';
import {
  type Claimant,
  type ClaimedEvent,
  type ClaimQuery,
  followUpQueueFull,
  type Settlement,
} from '../../../src/events/store/event-store.js';
import type { StoreTime } from '../../../src/events/store/store-clock.js';
import type { EventQueue } from './event-queue.js';
import { type KeptEvent, shown } from './kept-event.js';

/** Who may run an event, and until when. */
export class EventLeases {
  constructor(private readonly queue: EventQueue) {}

  claim(query: ClaimQuery, time: StoreTime): readonly ClaimedEvent[] {
    return begun(this.queue.dueOf(query.functionId, time), query, time);
  }

  claimExpired(claimant: Claimant, time: StoreTime): readonly ClaimedEvent[] {
    return begun(this.queue.expired(time), claimant, time);
  }

  renew(owner: string, eventIds: readonly EventId[], leaseMs: number, { nowMs }: StoreTime): EventId[] {
    return eventIds.filter((id) => {
      const kept = this.queue.find(id);
      if (kept?.owner !== owner) return false;
      kept.leaseUntilMs = nowMs + leaseMs;
      return true;
    });
  }

  settle(settlement: Settlement, time: StoreTime): boolean {
    const kept = this.queue.find(settlement.eventId);
    if (!kept) return false;
    const { attempts, countedAttempts } = kept.record;
    const { next, attempt, owner } = settlement;
    if (isSettled(attempts, attempt)) return true;
    if (kept.owner !== owner || attempts.at(-1)?.invocationId !== attempt.invocationId) return false;
    kept.owner = null;
    kept.record = {
      ...kept.record,
      state: next.state,
      attempts: withEnded(attempts, attempt),
      countedAttempts: countedAttempts + (attempt.outcome === 'function' ? 1 : 0),
      endedAtMs: 'dueMs' in next ? null : attempt.endedAtMs,
    };
    kept.dueMs = 'dueMs' in next ? next.dueMs + time.aheadMs : null;
    kept.forgetMs = 'dueMs' in next ? null : next.forgetAtMs + time.aheadMs;
    [kept.result, kept.resultUntilMs] = [settlement.result, settlement.resultUntilMs + time.aheadMs];
    this.follow(kept, settlement, time);
    this.queue.passTurn(kept.record, time);
    return true;
  }

  release(owner: string | null, { nowMs }: StoreTime): number {
    const lost = this.queue.all.filter(
      (kept) => kept.owner !== null && (kept.owner === owner || kept.leaseUntilMs <= nowMs),
    );
    for (const kept of lost) {
      kept.record = { ...kept.record, state: 'queued', attempts: withLost(kept.record.attempts) };
      [kept.owner, kept.dueMs] = [null, nowMs];
    }
    return lost.length;
  }

  private follow(kept: KeptEvent, { followUp, followUpEvent }: Settlement, time: StoreTime): void {
    const isRefused = followUpEvent !== null && this.queue.full(followUpEvent) !== undefined;
    if (followUpEvent && !isRefused) this.queue.insert(followUpEvent.event, time);
    const refused = followUp && { ...followUp, eventId: null, refusal: followUpQueueFull };
    kept.record = { ...kept.record, followUp: isRefused ? refused : followUp };
  }
}

function begun(
  waiting: readonly KeptEvent[],
  { limit, owner, leaseMs, invocationIds }: Claimant,
  time: StoreTime,
): readonly ClaimedEvent[] {
  return waiting.slice(0, limit).map((kept, index) => {
    const { attempts, attemptCount } = kept.record;
    const attempt = startedAttempt(String(invocationIds[index]), time.nowMs - time.aheadMs);
    kept.record = {
      ...kept.record,
      state: 'running',
      attempts: withStarted(attempts, attempt),
      attemptCount: attemptCount + 1,
    };
    [kept.owner, kept.dueMs, kept.leaseUntilMs] = [owner, null, time.nowMs + leaseMs];
    const leaseUntilMs = kept.leaseUntilMs - time.aheadMs;
    const leftMs = kept.expiresMs - time.nowMs;
    return { ...shown(kept, time), request: kept.event.request, leaseUntilMs, leftMs };
  });
}
