import type { Row, Statements } from '../../../storage/sqlite/statements.js';
import type { EventId } from '../../event.js';
import { isSettled, startedAttempt, withEnded, withLost, withStarted } from '../attempts.js';
import {
  type Claimant,
  type ClaimedEvent,
  type ClaimQuery,
  followUpQueueFull,
  type Settlement,
} from '../event-store.js';
import type { StoreTime } from '../store-clock.js';
import { attemptsOf, recordOf, requestOf, selectEvents } from './event-row.js';
import type { EventTable } from './event-table.js';

/** Who may run an event, and until when. */
export class EventLeases {
  constructor(
    private readonly statements: Statements,
    private readonly table: EventTable,
  ) {}

  claim(query: ClaimQuery, time: StoreTime): readonly ClaimedEvent[] {
    const due = this.statements.all(
      `SELECT position, attempts FROM events INDEXED BY events_by_due
         WHERE function = (SELECT number FROM functions WHERE id = ?) AND due <= ? ORDER BY due, position LIMIT ?`,
      query.functionId,
      time.nowMs,
      query.limit,
    );
    return this.beginAll(due, query, time);
  }

  claimExpired(claimant: Claimant, time: StoreTime): readonly ClaimedEvent[] {
    const expired = this.statements.all(
      `SELECT position, attempts FROM events INDEXED BY events_by_expiry
         WHERE due IS NOT NULL AND expires <= ? ORDER BY expires, position LIMIT ?`,
      time.nowMs,
      claimant.limit,
    );
    return this.beginAll(expired, claimant, time);
  }

  private beginAll(rows: readonly Row[], claimant: Claimant, time: StoreTime): readonly ClaimedEvent[] {
    return rows.map((row, index) => this.begin(row, claimant, String(claimant.invocationIds[index]), time));
  }

  private begin(row: Row, claimant: Claimant, invocationId: string, time: StoreTime): ClaimedEvent {
    const leasedUntil = time.nowMs + claimant.leaseMs;
    const attempt = startedAttempt(invocationId, time.nowMs - time.aheadMs);
    const position = Number(row['position']);
    this.statements.run(
      `UPDATE events SET state = 'running', due = NULL, owner = ?, leased_until = ?, attempts = ?,
         attempt_count = attempt_count + 1 WHERE position = ?`,
      claimant.owner,
      leasedUntil,
      JSON.stringify(withStarted(attemptsOf(row), attempt)),
      position,
    );
    const running = this.one(`${selectEvents} WHERE position = ?`, position);
    const request = this.one(
      'SELECT presentation, traceparent, body FROM requests WHERE event = ?',
      position,
    );
    return {
      ...recordOf(running, time.aheadMs),
      request: requestOf(request),
      leaseUntilMs: leasedUntil - time.aheadMs,
      leftMs: Number(running['expires']) - time.nowMs,
    };
  }

  private one(sql: string, position: number): Row {
    const row = this.statements.get(sql, position);
    if (!row) throw new Error('An event that waits has no request.');
    return row;
  }

  renew(owner: string, ids: readonly EventId[], leaseMs: number, { nowMs }: StoreTime): readonly EventId[] {
    const sql = 'UPDATE events SET leased_until = ? WHERE id = ? AND owner = ?';
    return ids.filter((id) => this.statements.run(sql, nowMs + leaseMs, id, owner) === 1);
  }

  settle(settlement: Settlement, time: StoreTime): boolean {
    const row = this.table.row(settlement.eventId);
    if (!row) return false;
    const { attempt, next, owner } = settlement;
    const attempts = attemptsOf(row);
    if (isSettled(attempts, attempt)) return true;
    if (row['owner'] !== owner || attempts.at(-1)?.invocationId !== attempt.invocationId) return false;
    const ended = {
      attempts: withEnded(attempts, attempt),
      isCounted: attempt.outcome === 'function',
      endedAtMs: 'dueMs' in next ? null : (attempt.endedAtMs ?? time.nowMs - time.aheadMs),
      next,
      followUp: this.follow(settlement, time),
      result: settlement.result,
      resultUntilMs: settlement.resultUntilMs,
    };
    this.table.end(row, ended, time);
    return true;
  }

  private follow({ followUp, followUpEvent }: Settlement, time: StoreTime): Settlement['followUp'] {
    if (!followUpEvent) return followUp;
    if (this.table.full(followUpEvent)) {
      return followUp && { ...followUp, eventId: null, refusal: followUpQueueFull };
    }
    this.table.insert(followUpEvent.event, time);
    return followUp;
  }

  release(owner: string | null, { nowMs }: StoreTime): number {
    const lost = this.statements.all(
      `SELECT position, attempts FROM events INDEXED BY events_by_lease
         WHERE owner IS NOT NULL AND (owner = ? OR leased_until <= ?)`,
      owner,
      nowMs,
    );
    for (const row of lost) {
      this.statements.run(
        `UPDATE events SET state = 'queued', due = ?, owner = NULL, leased_until = NULL, attempts = ? WHERE position = ?`,
        nowMs,
        JSON.stringify(withLost(attemptsOf(row))),
        Number(row['position']),
      );
    }
    return lost.length;
  }
}
