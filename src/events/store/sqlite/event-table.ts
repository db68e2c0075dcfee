import type { Row, Statements } from '../../../storage/sqlite/statements.js';
import type { Attempt, EventId, EventRecord, EventResult, FollowUp, NewEvent } from '../../event.js';
import type { Acceptance, Accepted, EventBudget, Settlement } from '../event-store.js';
import { resultBytesOf } from '../kept-bytes.js';
import { limitReached } from '../queue-room.js';
import type { StoreTime } from '../store-clock.js';
import { aboutOf, answerOf, recordOf, resultOf, selectEvents } from './event-row.js';
import { OrderingKeys } from './ordering-keys.js';

/** What an event becomes when an attempt ends. */
export interface EndedAttempt {
  readonly attempts: readonly Attempt[];
  readonly isCounted: boolean;
  readonly endedAtMs: number | null;
  readonly next: Settlement['next'];
  readonly followUp: FollowUp | null;
  readonly result: EventResult | null;
  readonly resultUntilMs: number;
}

/** Events with their requests and results: how they come in, end, start again and go. */
export class EventTable {
  private readonly orderingKeys: OrderingKeys;

  constructor(
    private readonly statements: Statements,
    private readonly budget: EventBudget,
  ) {
    this.orderingKeys = new OrderingKeys(statements);
  }

  row(id: EventId): Row | undefined {
    return this.statements.get(`${selectEvents} WHERE events.id = ?`, id);
  }

  find(id: EventId, { aheadMs }: StoreTime): EventRecord | undefined {
    const row = this.row(id);
    return row && recordOf(row, aheadMs);
  }

  result(id: EventId, { nowMs }: StoreTime): EventResult | undefined {
    const row = this.statements.get(
      'SELECT answer, body FROM results WHERE event = (SELECT position FROM events WHERE id = ?) AND until > ?',
      id,
      nowMs,
    );
    return row && resultOf(row);
  }

  queuedBytes(): number {
    return Number(this.statements.get('SELECT queued_bytes FROM store')?.['queued_bytes']);
  }

  keptBytes(): number {
    return Number(this.statements.get('SELECT kept_bytes FROM store')?.['kept_bytes']);
  }

  /** The refusal where the event would be one too many, or too large. */
  full({
    event,
    maxQueued,
  }: Pick<Acceptance, 'event' | 'maxQueued'>): Extract<Accepted, { kind: 'full' }> | undefined {
    const row = this.statements.get(
      'SELECT queued + failed AS events, queued_bytes AS bytes, strangers, strangers_bytes FROM functions WHERE id = ?',
      event.functionId,
    );
    const waiting = {
      events: Number(row?.['events'] ?? 0),
      bytes: Number(row?.['bytes'] ?? 0),
      strangers: Number(row?.['strangers'] ?? 0),
      strangersBytes: Number(row?.['strangers_bytes'] ?? 0),
      serverBytes: this.queuedBytes(),
    };
    const limit = limitReached(event, waiting, { maxQueued, ...this.budget });
    return limit && { kind: 'full', limit, queued: waiting.events };
  }

  insert(event: NewEvent, { nowMs, aheadMs }: StoreTime): void {
    const of = this.functionNumber(event.functionId);
    const { orderingKey, request } = event;
    const due = this.orderingKeys.hasTurn(of, orderingKey) ? null : nowMs;
    const row = this.statements.get(
      `INSERT INTO events (id, function, state, about, ordering_key, request_bytes, accepted_at, expires, due)
         VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?) RETURNING position`,
      event.id,
      of,
      aboutOf(event),
      orderingKey,
      request.body.length,
      event.acceptedAtMs,
      event.expiresAtMs + aheadMs,
      due,
    );
    this.statements.run(
      'INSERT INTO requests (event, presentation, traceparent, body) VALUES (?, ?, ?, ?)',
      Number(row?.['position']),
      JSON.stringify(request.presentation),
      request.traceparent,
      request.body,
    );
  }

  /** The number that stands for a function, which gets one. */
  functionNumber(functionId: string): number {
    const find = () =>
      this.statements.get('SELECT number FROM functions WHERE id = ?', functionId)?.['number'];
    const known = find();
    if (known !== undefined) return Number(known);
    this.statements.run('INSERT INTO functions (id) VALUES (?)', functionId);
    return Number(find());
  }

  /** The attempt that ran has ended, with its result. */
  end(row: Row, ended: EndedAttempt, time: StoreTime): void {
    const { attempts, isCounted, endedAtMs, next, followUp, result } = ended;
    const position = Number(row['position']);
    this.keepResult(position, result, ended.resultUntilMs + time.aheadMs);
    const [due, forget] = 'dueMs' in next ? [next.dueMs, null] : [null, next.forgetAtMs];
    this.statements.run(
      `UPDATE events SET state = ?, due = ?, forget = ?, owner = NULL, leased_until = NULL, ended_at = ?, attempts = ?,
         counted_attempts = counted_attempts + ?, follow_up = ?, result_bytes = ? WHERE position = ?`,
      next.state,
      due === null ? null : due + time.aheadMs,
      forget === null ? null : forget + time.aheadMs,
      endedAtMs,
      JSON.stringify(attempts),
      isCounted ? 1 : 0,
      followUp && JSON.stringify(followUp),
      resultBytesOf(result),
      position,
    );
    if (next.state === 'succeeded') this.statements.run('DELETE FROM requests WHERE event = ?', position);
    if (endedAtMs !== null) this.orderingKeys.passTurn(row, time);
  }

  private keepResult(position: number, result: EventResult | null, until: number): void {
    this.statements.run('DELETE FROM results WHERE event = ?', position);
    if (!result) return;
    this.statements.run(
      'INSERT INTO results (event, until, answer, body) VALUES (?, ?, ?, ?)',
      position,
      until,
      answerOf(result),
      result.body,
    );
  }

  /** Due at once with nothing counted, or when it has its turn. */
  restart(row: Row, expiresAtMs: number, { nowMs, aheadMs }: StoreTime): void {
    const position = Number(row['position']);
    const isDead = row['state'] === 'dead';
    const waitsForTurn = isDead
      ? this.orderingKeys.hasTurn(Number(row['function']), row['ordering_key'] as string | null)
      : row['due'] === null;
    this.statements.run(
      `UPDATE events SET state = 'queued', due = ?, expires = ?, ended_at = NULL, forget = NULL, counted_attempts = 0,
         follow_up = NULL WHERE position = ?`,
      waitsForTurn ? null : Math.min(nowMs, Number(row['due'] ?? nowMs)),
      expiresAtMs + aheadMs,
      position,
    );
    this.statements.run('DELETE FROM results WHERE event = ?', position);
  }

  /** They go with all they have; those of their ordering keys that are next get their turn. */
  remove(rows: readonly Row[], time: StoreTime): void {
    for (const row of rows)
      this.statements.run('DELETE FROM events WHERE position = ?', Number(row['position']));
    for (const row of rows) this.orderingKeys.passTurn(row, time);
  }
}
