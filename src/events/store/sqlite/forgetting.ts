import type { Statements } from '../../../storage/sqlite/statements.js';
import type { StoreTime } from '../store-clock.js';

/** Rows that go in one step, and bytes of requests; more would hold up whoever wants to write meanwhile. */
const stepRows = 500;
export const stepBytes = 16 * 1024 * 1024;

/** What is not needed any more goes, in steps. */
export class Forgetting {
  constructor(private readonly statements: Statements) {}

  /** Whether there may be more. */
  expired(limit: number, { nowMs }: StoreTime): boolean {
    const gone = [
      this.deleteSome('events', 'position', 'forget <= ?', nowMs, limit),
      this.deleteSome('results', 'event', 'until <= ?', nowMs, limit),
      this.deleteSome('idempotency_keys', 'number', 'until <= ?', nowMs, limit),
    ];
    return gone.some((count) => count >= limit);
  }

  /** Functions of which there is anything. */
  functionIds(): readonly string[] {
    const rows = this.statements.all('SELECT id FROM functions UNION SELECT function_id FROM schedules');
    return rows.map(({ id }) => String(id));
  }

  /** A step; whether there is more of the function. */
  functionStep(functionId: string): boolean {
    this.statements.run('DELETE FROM schedules WHERE function_id = ?', functionId);
    const row = this.statements.get('SELECT number FROM functions WHERE id = ?', functionId);
    if (!row) return false;
    const of = Number(row['number']);
    const events = this.positionsOf(of);
    for (const position of events) this.statements.run('DELETE FROM events WHERE position = ?', position);
    const keys = this.deleteSome('idempotency_keys', 'number', 'function = ?', of, stepRows);
    if (events.length > 0 || keys > 0) return true;
    this.statements.run('DELETE FROM functions WHERE number = ?', of);
    return false;
  }

  /** Some of a function's events, the oldest; at least one if it has any. */
  private positionsOf(of: number): readonly number[] {
    const rows = this.statements.all(
      'SELECT position, request_bytes FROM events WHERE function = ? LIMIT ?',
      of,
      stepRows,
    );
    let bytes = 0;
    const some: number[] = [];
    for (const row of rows) {
      if (bytes > stepBytes) break;
      bytes += Number(row['request_bytes']);
      some.push(Number(row['position']));
    }
    return some;
  }

  private deleteSome(table: string, key: string, condition: string, value: number, limit: number): number {
    return this.statements.run(
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ?)`,
      value,
      limit,
    );
  }
}
