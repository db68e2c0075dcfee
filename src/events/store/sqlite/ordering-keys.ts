import type { Row, Statements } from '../../../storage/sqlite/statements.js';
import type { StoreTime } from '../store-clock.js';

/**
 * Events of one ordering key of one function run one after another. The one that has its turn is due, some time, or runs; an
 * index lets there be one only. It keeps its turn, attempt after attempt, until it ends or goes.
 */
export class OrderingKeys {
  constructor(private readonly statements: Statements) {}

  /** Whether one of this key has its turn. */
  hasTurn(of: number, orderingKey: string | null): boolean {
    if (orderingKey === null) return false;
    const row = this.statements.get(
      `SELECT 1 FROM events INDEXED BY events_with_turn
         WHERE function = ? AND ordering_key = ? AND (due IS NOT NULL OR owner IS NOT NULL)`,
      of,
      orderingKey,
    );
    return row !== undefined;
  }

  /** The oldest of the event's key gets its turn, if none has it. */
  passTurn(row: Row, { nowMs }: StoreTime): void {
    const orderingKey = row['ordering_key'];
    const of = Number(row['function']);
    if (typeof orderingKey !== 'string' || this.hasTurn(of, orderingKey)) return;
    this.statements.run(
      `UPDATE events SET due = ? WHERE position =
         (SELECT position FROM events INDEXED BY events_of_ordering_key
            WHERE function = ? AND ordering_key = ? AND ended_at IS NULL ORDER BY position LIMIT 1)`,
      nowMs,
      of,
      orderingKey,
    );
  }
}
