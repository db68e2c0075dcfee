import type { Row, Statements } from '../../../storage/sqlite/statements.js';
import type { EventId, EventResult } from '../../event.js';
import type { CallClaim, IdempotencyClaim } from '../event-store.js';
import { withoutContent } from '../kept-bytes.js';
import type { StoreTime } from '../store-clock.js';
import { answerOf, resultOf } from './event-row.js';

type Use = 'event' | 'call';

/** Whose a key is from now on: an event's for good, or a call's until its lease ends. */
interface Holder {
  readonly use: Use;
  readonly eventId: EventId | null;
  readonly callId: string | null;
  readonly leasedUntil: number | null;
}

/** What the keys of idempotent requests stand for. */
export class IdempotencyTable {
  constructor(
    private readonly statements: Statements,
    private readonly functionNumber: (functionId: string) => number,
    private readonly answerBytes: number,
  ) {}

  /** The id of the event that a key has made, and whether the same request made it; undefined for a key that is free. */
  firstEvent(
    claim: IdempotencyClaim,
    time: StoreTime,
  ): { readonly id: EventId; readonly isSame: boolean } | undefined {
    const row = this.find(claim, 'event', time);
    return row && { id: String(row['event_id']), isSame: row['fingerprint'] === claim.fingerprint };
  }

  keepEvent(claim: IdempotencyClaim, eventId: EventId, time: StoreTime): void {
    this.keep(claim, { use: 'event', eventId, callId: null, leasedUntil: null }, time);
  }

  claimCall(claim: IdempotencyClaim, callId: string, leaseMs: number, time: StoreTime): CallClaim {
    const row = this.find(claim, 'call', time);
    if (row && row['fingerprint'] !== claim.fingerprint) return { kind: 'different' };
    if (row && row['answer'] !== null) return { kind: 'answered', result: resultOf(row) };
    const isHeld = row !== undefined && Number(row['leased_until']) > time.nowMs;
    if (isHeld) return { kind: row['call_id'] === callId ? 'first' : 'running' };
    this.keep(claim, { use: 'call', eventId: null, callId, leasedUntil: time.nowMs + leaseMs }, time);
    return { kind: 'first' };
  }

  answerCall(claim: IdempotencyClaim, callId: string, result: EventResult | null, time: StoreTime): void {
    const row = this.find(claim, 'call', time);
    if (row?.['call_id'] !== callId || row['answer'] !== null) return;
    const number = Number(row['number']);
    if (!result) {
      this.statements.run('DELETE FROM idempotency_keys WHERE number = ?', number);
      return;
    }
    this.keepAnswer(number, result, time);
    const kept = this.statements.get('SELECT answer_bytes FROM idempotency_keys WHERE number = ?', number);
    if (Number(kept?.['answer_bytes']) > this.answerBytes)
      this.keepAnswer(number, withoutContent(result), time);
    this.makeRoom(time);
  }

  /** Of all answers. */
  bytes(): number {
    return Number(this.statements.get('SELECT answer_bytes FROM store')?.['answer_bytes']);
  }

  private keepAnswer(number: number, result: EventResult, { nowMs }: StoreTime): void {
    this.statements.run(
      'UPDATE idempotency_keys SET answer = ?, body = ?, answered = ? WHERE number = ?',
      answerOf(result),
      result.body,
      nowMs,
      number,
    );
  }

  /** Each answer that comes sends no more away than it takes room. */
  private makeRoom(time: StoreTime): void {
    while (this.bytes() > this.answerBytes) {
      const oldest = this.statements.get(
        `SELECT number, answer, body FROM idempotency_keys INDEXED BY idempotency_keys_with_answer
           WHERE body IS NOT NULL ORDER BY answered, number LIMIT 1`,
      );
      if (!oldest) return;
      this.keepAnswer(Number(oldest['number']), withoutContent(resultOf(oldest)), time);
    }
  }

  private find(claim: IdempotencyClaim, use: Use, { nowMs }: StoreTime): Row | undefined {
    return this.statements.get(
      `SELECT * FROM idempotency_keys WHERE function = (SELECT number FROM functions WHERE id = ?)
         AND use = ? AND caller = ? AND key = ? AND until > ?`,
      claim.functionId,
      use,
      claim.caller,
      claim.key,
      nowMs,
    );
  }

  /** Takes the place of one whose time has passed, or whose event is gone. */
  private keep(
    claim: IdempotencyClaim,
    { use, eventId, callId, leasedUntil }: Holder,
    { aheadMs }: StoreTime,
  ): void {
    const of = this.functionNumber(claim.functionId);
    // Not replaced by the insertion, which no trigger would count.
    this.statements.run(
      'DELETE FROM idempotency_keys WHERE function = ? AND use = ? AND caller = ? AND key = ?',
      of,
      use,
      claim.caller,
      claim.key,
    );
    this.statements.run(
      `INSERT INTO idempotency_keys (function, use, caller, key, fingerprint, until, event_id, call_id, leased_until)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      of,
      use,
      claim.caller,
      claim.key,
      claim.fingerprint,
      claim.untilMs + aheadMs,
      eventId,
      callId,
      leasedUntil,
    );
  }
}
