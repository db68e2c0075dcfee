import type { Row, Statements } from '../../../storage/sqlite/statements.js';
import type { EventBudget, Forgotten } from '../event-store.js';
import type { EventTable } from './event-table.js';
import { stepBytes } from './forgetting.js';

/** Keeps what ended events take on the disk within its budget. */
export class KeptRoom {
  constructor(
    private readonly statements: Statements,
    private readonly table: EventTable,
    private readonly budget: EventBudget,
  ) {}

  /** A step: the oldest of the function that has to give go, of one state, no more than are too many. */
  make(limit: number): Forgotten {
    const excess = this.table.keptBytes() - this.budget.keptBytes;
    const giver = excess > 0 ? this.giver() : undefined;
    if (!giver) return { mayBeMore: false, dropped: null };
    const state = Number(giver['succeeded']) > 0 ? 'succeeded' : 'dead';
    const oldest = this.statements.all(
      'SELECT position, kept_bytes FROM events WHERE function = ? AND state = ? ORDER BY position LIMIT ?',
      Number(giver['number']),
      state,
      limit,
    );
    let bytes = 0;
    let count = 0;
    for (const row of oldest) {
      if (bytes >= Math.min(excess, stepBytes)) break;
      this.statements.run('DELETE FROM events WHERE position = ?', Number(row['position']));
      bytes += Number(row['kept_bytes']);
      count += 1;
    }
    const dropped = state === 'dead' ? { functionId: String(giver['id']), dead: count } : null;
    return { mayBeMore: bytes < excess, dropped };
  }

  /** Those with more than their share give first, then those with any that succeeded; of these the one that has most. */
  private giver(): Row | undefined {
    return this.statements.get(
      `SELECT number, id, succeeded FROM functions WHERE succeeded + dead > 0
         ORDER BY kept_bytes > ? DESC, succeeded > 0 DESC, kept_bytes DESC LIMIT 1`,
      this.budget.functionKeptBytes,
    );
  }
}
