import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { InvocationUsage } from '../../../sandbox/sandbox-events.js';
import type { EndedInvocation, InvocationQuery, InvocationRecord, RecordBudget } from '../record-store.js';
import { FunctionTotals } from './function-totals.js';

type Row = Readonly<Record<string, SQLOutputValue>>;

/** How calls ended. What is looked for has a column; the rest is one JSON text, written and read as a whole. */
export class InvocationTable {
  private held = new FunctionTotals();
  private readonly insertion;
  private readonly addition;

  constructor(private readonly database: DatabaseSync) {
    this.insertion = database.prepare(
      `INSERT OR IGNORE INTO invocations (id, function_id, outcome, ended, memory_peak_bytes, cpu_time_ms)
         VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.addition = database.prepare(
      'UPDATE invocations SET memory_peak_bytes = ?, cpu_time_ms = ? WHERE id = ?',
    );
    this.count();
  }

  /** Counts anew what is there; after a change that was undone, too. */
  count(): void {
    this.held = new FunctionTotals();
    const rows = this.database.prepare('SELECT function_id, count(*) AS held FROM invocations GROUP BY 1');
    for (const row of rows.iterate()) this.held.add(String(row['function_id']), Number(row['held']));
  }

  insert(records: readonly InvocationRecord[]): void {
    for (const { usage, ...ended } of records) {
      const values = [ended.id, ended.function.id, ended.outcome, JSON.stringify(ended)];
      const { changes } = this.insertion.run(...values, usage.memoryPeakBytes, usage.cpuTimeMs);
      if (changes === 1) this.held.add(ended.function.id, 1);
    }
  }

  addUsage(id: string, { memoryPeakBytes, cpuTimeMs }: InvocationUsage): void {
    this.addition.run(memoryPeakBytes, cpuTimeMs, id);
  }

  /** Takes the oldest records away until the budget is kept. */
  evict({ invocationsPerFunction, invocations }: RecordBudget): void {
    for (const functionId of this.held.functionIds) {
      const tooMany = this.held.of(functionId) - invocationsPerFunction;
      if (tooMany > 0) this.dropOldest('WHERE function_id = ?', [functionId], tooMany);
    }
    const tooMany = this.held.total - invocations;
    if (tooMany > 0) this.dropOldest('', [], tooMany);
  }

  get(id: string): InvocationRecord | undefined {
    const row = this.database.prepare('SELECT * FROM invocations WHERE id = ?').get(id);
    return row && recordOf(row);
  }

  find({ functionIds, outcome, version, sinceMs, untilMs, limit }: InvocationQuery): InvocationRecord[] {
    const conditions = ['TRUE'];
    const values: SQLInputValue[] = [];
    const require = (condition: string, value: SQLInputValue | undefined) => {
      if (value === undefined) return;
      conditions.push(condition);
      values.push(value);
    };
    // One value, because SQLite takes only so many.
    require('function_id IN (SELECT value FROM json_each(?))', functionIds && JSON.stringify(functionIds));
    require('outcome = ?', outcome);
    require('version = ?', version);
    require('started_at >= ?', sinceMs);
    require('started_at < ?', untilMs);
    const sql = `SELECT * FROM invocations WHERE ${conditions.join(' AND ')} ORDER BY position DESC LIMIT ?`;
    return this.database
      .prepare(sql)
      .all(...values, limit)
      .map(recordOf);
  }

  forget(functionId: string): void {
    this.database.prepare('DELETE FROM invocations WHERE function_id = ?').run(functionId);
    this.held.add(functionId, -this.held.of(functionId));
  }

  get functionIds(): readonly string[] {
    return this.held.functionIds;
  }

  private dropOldest(condition: string, values: readonly SQLInputValue[], count: number): void {
    const dropped = this.database
      .prepare(
        `DELETE FROM invocations WHERE position IN
           (SELECT position FROM invocations ${condition} ORDER BY position LIMIT ?) RETURNING function_id`,
      )
      .all(...values, count);
    for (const row of dropped) this.held.add(String(row['function_id']), -1);
  }
}

function recordOf(row: Row): InvocationRecord {
  const ended = JSON.parse(String(row['ended'])) as EndedInvocation;
  const usage = {
    memoryPeakBytes: row['memory_peak_bytes'] as number | null,
    cpuTimeMs: row['cpu_time_ms'] as number | null,
  };
  return { ...ended, usage };
}
