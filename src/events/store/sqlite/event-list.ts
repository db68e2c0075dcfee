import type { Row, Statements } from '../../../storage/sqlite/statements.js';
import { type EventState, eventStates } from '../../event.js';
import type { EventFilter, EventPage, EventQuery, QueueDepth } from '../event-store.js';
import type { StoreTime } from '../store-clock.js';
import { numberOf, recordOf, selectEvents } from './event-row.js';

/** One state of one function, of which there are events. */
interface Group {
  readonly of: number;
  readonly state: EventState;
}

const farthest = Number.MAX_SAFE_INTEGER;

/** Which events there are, and how many. Each answer comes from an index, however many events wait. */
export class EventList {
  constructor(private readonly statements: Statements) {}

  page({ functionIds, states, limit, before = farthest }: EventQuery, { aheadMs }: StoreTime): EventPage {
    const positions =
      functionIds || states
        ? this.newest(this.groups(functionIds, states ?? eventStates), before, limit + 1)
        : this.positions('SELECT position FROM events WHERE position < ? ORDER BY position DESC LIMIT ?', [
            before,
            limit + 1,
          ]);
    const shown = positions.slice(0, limit);
    const events = shown.flatMap((position) => {
      const row = this.statements.get(`${selectEvents} WHERE position = ?`, position);
      return row ? [recordOf(row, aheadMs)] : [];
    });
    return { events, next: positions.length > limit ? (shown.at(-1) ?? null) : null };
  }

  private newest(groups: readonly Group[], before: number, limit: number): readonly number[] {
    const sql =
      'SELECT position FROM events WHERE function = ? AND state = ? AND position < ? ORDER BY position DESC LIMIT ?';
    return groups
      .flatMap(({ of, state }) => this.positions(sql, [of, state, before, limit]))
      .sort((one, other) => other - one)
      .slice(0, limit);
  }

  /** The oldest that match, whole. */
  oldest({ functionIds, states }: EventFilter, limit: number): readonly Row[] {
    const sql = 'SELECT * FROM events WHERE function = ? AND state = ? ORDER BY position LIMIT ?';
    return this.groups(functionIds, states)
      .flatMap(({ of, state }) => this.statements.all(sql, of, state, limit))
      .sort((one, other) => Number(one['position']) - Number(other['position']))
      .slice(0, limit);
  }

  /** Those that match and are due later than now, the next first. */
  later({ functionIds, states }: EventFilter, { nowMs }: StoreTime, limit: number): readonly Row[] {
    const sql = `SELECT * FROM events INDEXED BY events_by_due
                   WHERE function = ? AND due > ? AND state = ? ORDER BY due, position LIMIT ?`;
    return this.groups(functionIds, states)
      .flatMap(({ of, state }) => this.statements.all(sql, of, nowMs, state, limit))
      .slice(0, limit);
  }

  depths({ aheadMs }: StoreTime): readonly QueueDepth[] {
    const any = eventStates.join(' + ');
    return this.statements
      .all(
        `SELECT id, queued + failed AS queued, running, dead,
           (SELECT min(due) FROM events WHERE function = number AND due IS NOT NULL) AS due,
           (SELECT min(accepted_at) FROM (
              SELECT * FROM (SELECT accepted_at FROM events WHERE function = number AND state = 'queued' ORDER BY position LIMIT 1)
              UNION ALL
              SELECT * FROM (SELECT accepted_at FROM events WHERE function = number AND state = 'failed' ORDER BY position LIMIT 1)
           )) AS oldest
         FROM functions WHERE ${any} > 0 ORDER BY id`,
      )
      .map((row) => ({
        functionId: String(row['id']),
        queued: Number(row['queued']),
        running: Number(row['running']),
        dead: Number(row['dead']),
        oldestAcceptedAtMs: numberOf(row['oldest']),
        nextDueMs: row['due'] === null ? null : Number(row['due']) - aheadMs,
      }));
  }

  /** The states of these functions of which there are events; of all functions if undefined. */
  private groups(
    functionIds: readonly string[] | undefined,
    states: readonly EventState[],
  ): readonly Group[] {
    const rows = functionIds
      ? this.statements.all(
          'SELECT * FROM functions WHERE id IN (SELECT value FROM json_each(?))',
          JSON.stringify(functionIds),
        )
      : this.statements.all('SELECT * FROM functions');
    return rows.flatMap((row) =>
      states.filter((state) => Number(row[state]) > 0).map((state) => ({ of: Number(row['number']), state })),
    );
  }

  private positions(sql: string, values: readonly (string | number)[]): readonly number[] {
    return this.statements.all(sql, ...values).map(({ position }) => Number(position));
  }
}
