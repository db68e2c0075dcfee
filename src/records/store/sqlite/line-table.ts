import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { LineLevel, LinePhase } from '../../../sandbox/sandbox-events.js';
import {
  budgetBytesOf,
  type LinePage,
  type LineQuery,
  type LogLine,
  type RecordBudget,
} from '../record-store.js';
import { FunctionTotals } from './function-totals.js';

type Row = Readonly<Record<string, SQLOutputValue>>;

/** What functions printed. Knows how many bytes each holds, so that only what is too much has to be looked for. */
export class LineTable {
  private bytes = new FunctionTotals();
  private readonly insertion;

  constructor(private readonly database: DatabaseSync) {
    this.insertion = database.prepare(
      `INSERT OR IGNORE INTO log_lines (sequence, function_id, function_name, version, revision, invocation_id, at, phase, stream,
         level, text, is_cut, dropped_bytes, budget_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.count();
  }

  /** Counts anew what is there; after a change that was undone, too. */
  count(): void {
    this.bytes = new FunctionTotals();
    const rows = this.database.prepare(
      'SELECT function_id, sum(budget_bytes) AS bytes FROM log_lines GROUP BY 1',
    );
    for (const row of rows.iterate()) this.bytes.add(String(row['function_id']), Number(row['bytes']));
  }

  insert(lines: readonly LogLine[]): void {
    for (const line of lines) {
      const bytes = budgetBytesOf(line);
      const { changes } = this.insertion.run(...valuesOf(line), bytes);
      if (changes === 1) this.bytes.add(line.function.id, bytes);
    }
  }

  /** Takes the oldest lines away until the budget is kept. */
  evict({ logBytesPerFunction, logBytes }: RecordBudget): void {
    for (const functionId of this.bytes.functionIds) {
      const tooMuch = this.bytes.of(functionId) - logBytesPerFunction;
      if (tooMuch > 0) this.dropOldest('WHERE function_id = ?', [functionId], tooMuch);
    }
    const tooMuch = this.bytes.total - logBytes;
    if (tooMuch > 0) this.dropOldest('', [], tooMuch);
  }

  find(query: LineQuery, { scannedLines }: RecordBudget): LinePage {
    const isForward = query.after !== undefined;
    const order = isForward ? 'ASC' : 'DESC';
    const wanted = wantedLines(query);
    const last = this.lastScanned(wanted, order, scannedLines);
    if (last !== undefined) wanted.require(`sequence ${isForward ? '<=' : '>='} ?`, last);
    restrict(wanted, query);
    const lines = this.database
      .prepare(`SELECT * FROM log_lines WHERE ${wanted.sql} ORDER BY sequence ${order} LIMIT ?`)
      .all(...wanted.values, query.limit)
      .map(lineOf);
    const next = (lines.length === query.limit ? lines.at(-1)?.sequence : last) ?? null;
    return { lines: isForward ? lines : lines.reverse(), next };
  }

  /** The number of the last line that is looked at; undefined where that is every one. The index alone tells it. */
  private lastScanned(wanted: Conditions, order: 'ASC' | 'DESC', scannedLines: number): number | undefined {
    const row = this.database
      .prepare(
        `SELECT sequence FROM log_lines WHERE ${wanted.sql} ORDER BY sequence ${order} LIMIT 1 OFFSET ?`,
      )
      .get(...wanted.values, scannedLines - 1);
    return row && Number(row['sequence']);
  }

  forget(functionId: string): void {
    this.database.prepare('DELETE FROM log_lines WHERE function_id = ?').run(functionId);
    this.bytes.add(functionId, -this.bytes.of(functionId));
  }

  get functionIds(): readonly string[] {
    return this.bytes.functionIds;
  }

  newestSequence(): number {
    return Number(
      this.database.prepare('SELECT max(sequence) AS newest FROM log_lines').get()?.['newest'] ?? 0,
    );
  }

  private dropOldest(condition: string, values: readonly SQLInputValue[], tooMuch: number): void {
    const oldest = this.database.prepare(
      `SELECT sequence, function_id, budget_bytes FROM log_lines ${condition} ORDER BY sequence`,
    );
    let dropped = 0;
    let last = 0;
    for (const row of oldest.iterate(...values)) {
      if (dropped >= tooMuch) break;
      const bytes = Number(row['budget_bytes']);
      last = Number(row['sequence']);
      dropped += bytes;
      this.bytes.add(String(row['function_id']), -bytes);
    }
    const also = condition === '' ? 'WHERE' : `${condition} AND`;
    this.database.prepare(`DELETE FROM log_lines ${also} sequence <= ?`).run(...values, last);
  }
}

/** Conditions of a query with their values, all of which hold. */
class Conditions {
  private readonly parts: string[] = [];
  readonly values: SQLInputValue[] = [];

  get sql(): string {
    return this.parts.join(' AND ');
  }

  require(condition: string, value: SQLInputValue | undefined): void {
    if (value === undefined) return;
    this.parts.push(condition);
    this.values.push(value);
  }
}

/** What an index finds. */
function wantedLines({ functionId, invocationId, after, before }: LineQuery): Conditions {
  const wanted = new Conditions();
  wanted.require('function_id = ?', functionId);
  wanted.require('invocation_id = ?', invocationId);
  wanted.require('sequence > ?', after);
  wanted.require('sequence < ?', before);
  return wanted;
}

/** What has to be looked for, line by line. */
function restrict(wanted: Conditions, { levels, contains, sinceMs, untilMs }: LineQuery): void {
  wanted.require('at >= ?', sinceMs);
  wanted.require('at < ?', untilMs);
  wanted.require('level IN (SELECT value FROM json_each(?))', levels && JSON.stringify(levels));
  wanted.require('instr(text, ?) > 0', contains);
}

function valuesOf(line: LogLine): SQLInputValue[] {
  const {
    sequence,
    function: of,
    invocationId,
    atMs,
    phase,
    stream,
    level,
    text,
    isCut,
    droppedBytes,
  } = line;
  const whose = [of.id, of.name, of.version, of.revision, invocationId];
  return [sequence, ...whose, atMs, phase, stream, level, text, isCut ? 1 : 0, droppedBytes];
}

function lineOf(row: Row): LogLine {
  return {
    sequence: Number(row['sequence']),
    function: {
      id: String(row['function_id']),
      name: String(row['function_name']),
      version: Number(row['version']),
      revision: Number(row['revision']),
    },
    invocationId: row['invocation_id'] === null ? null : String(row['invocation_id']),
    atMs: Number(row['at']),
    phase: row['phase'] as LinePhase,
    stream: row['stream'] as LogLine['stream'],
    level: row['level'] as LineLevel,
    text: String(row['text']),
    isCut: row['is_cut'] === 1,
    droppedBytes: Number(row['dropped_bytes']),
  };
}
