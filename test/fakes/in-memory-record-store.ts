import { DomainError } from '../../src/common/errors/domain-error.js';
import type { InvocationUsage } from '../../src/sandbox/sandbox-events.js';
import {
  budgetBytesOf,
  RecordStore,
  type InvocationQuery,
  type InvocationRecord,
  type LinePage,
  type LineQuery,
  type LogLine,
  type RecordBatch,
  type RecordBudget,
} from '../../src/records/store/record-store.js';

const generous: RecordBudget = {
  logBytesPerFunction: 1e9,
  logBytes: 1e9,
  invocationsPerFunction: 1e6,
  invocations: 1e6,
  scannedLines: 1e6,
};

/** Passes the contract of the real store, and fails as it is told to. */
export class InMemoryRecordStore extends RecordStore {
  /** While set, every write rejects with it. */
  refusal: DomainError | undefined;
  /** Writes wait for it. */
  held: Promise<unknown> = Promise.resolve();
  readonly batches: RecordBatch[] = [];
  private allLines: LogLine[] = [];
  private records = new Map<string, InvocationRecord>();

  constructor(private readonly budget: RecordBudget = generous) {
    super();
  }

  override async write(batch: RecordBatch): Promise<void> {
    await this.held;
    if (this.refusal) throw this.refusal;
    this.batches.push(batch);
    this.allLines = [...this.allLines, ...batch.lines].sort((one, next) => one.sequence - next.sequence);
    for (const record of batch.invocations) {
      if (!this.records.has(record.id)) this.records.set(record.id, record);
    }
    for (const [id, usage] of batch.usages) this.addUsage(id, usage);
    this.keepBudget();
  }

  override async lines(query: LineQuery): Promise<LinePage> {
    const isForward = query.after !== undefined;
    const inOrder = (lines: readonly LogLine[]) => (isForward ? [...lines] : lines.toReversed());
    const wanted = inOrder(this.allLines.filter((line) => isWanted(line, query)));
    const scanned = wanted.slice(0, this.budget.scannedLines);
    const lines = scanned.filter((line) => passes(line, query)).slice(0, query.limit);
    const last = wanted.length >= this.budget.scannedLines ? scanned.at(-1) : undefined;
    const next = (lines.length === query.limit ? lines.at(-1) : last)?.sequence ?? null;
    return { lines: inOrder(lines), next };
  }

  override async invocation(id: string): Promise<InvocationRecord | undefined> {
    return this.records.get(id);
  }

  override async invocations({ limit, ...query }: InvocationQuery): Promise<InvocationRecord[]> {
    return [...this.records.values()]
      .filter((record) => isAskedFor(record, query))
      .reverse()
      .slice(0, limit);
  }

  override async forget(functionId: string): Promise<void> {
    this.keepWhere((id) => id !== functionId);
  }

  override async retain(functionIds: readonly string[]): Promise<void> {
    this.keepWhere((id) => functionIds.includes(id));
  }

  override async newestSequence(): Promise<number> {
    return this.allLines.at(-1)?.sequence ?? 0;
  }

  override async close(): Promise<void> {
    return;
  }

  private addUsage(id: string, usage: InvocationUsage): void {
    const record = this.records.get(id);
    if (record) this.records.set(id, { ...record, usage });
  }

  private keepWhere(keeps: (functionId: string) => boolean): void {
    this.allLines = this.allLines.filter((line) => keeps(line.function.id));
    this.records = new Map([...this.records].filter(([, record]) => keeps(record.function.id)));
  }

  private keepBudget(): void {
    const { logBytesPerFunction, logBytes, invocationsPerFunction, invocations } = this.budget;
    const ids = new Set(this.allLines.map((line) => line.function.id));
    for (const id of ids) this.keepLines((line) => line.function.id === id, logBytesPerFunction);
    this.keepLines(() => true, logBytes);
    const records = () => [...this.records.values()];
    for (const id of new Set(records().map((record) => record.function.id))) {
      this.keepRecords(
        records().filter((record) => record.function.id === id),
        invocationsPerFunction,
      );
    }
    this.keepRecords(records(), invocations);
  }

  private keepLines(concerns: (line: LogLine) => boolean, bytes: number): void {
    const concerned = this.allLines.filter(concerns);
    let total = concerned.reduce((sum, line) => sum + budgetBytesOf(line), 0);
    const dropped = new Set<LogLine>();
    for (const line of concerned) {
      if (total <= bytes) break;
      dropped.add(line);
      total -= budgetBytesOf(line);
    }
    this.allLines = this.allLines.filter((line) => !dropped.has(line));
  }

  private keepRecords(concerned: readonly InvocationRecord[], count: number): void {
    for (const { id } of concerned.slice(0, Math.max(0, concerned.length - count))) this.records.delete(id);
  }
}

function isWanted(line: LogLine, { functionId, invocationId, after, before }: LineQuery): boolean {
  return (
    line.function.id === functionId &&
    (invocationId === undefined || line.invocationId === invocationId) &&
    (after === undefined || line.sequence > after) &&
    (before === undefined || line.sequence < before)
  );
}

function passes(line: LogLine, { levels, contains, sinceMs, untilMs }: LineQuery): boolean {
  return (
    (levels === undefined || levels.includes(line.level)) &&
    (contains === undefined || line.text.includes(contains)) &&
    (sinceMs === undefined || line.atMs >= sinceMs) &&
    (untilMs === undefined || line.atMs < untilMs)
  );
}

function isAskedFor(
  record: InvocationRecord,
  { functionIds, outcome, version, sinceMs, untilMs }: Omit<InvocationQuery, 'limit'>,
): boolean {
  return (
    (functionIds === undefined || functionIds.includes(record.function.id)) &&
    (outcome === undefined || record.outcome === outcome) &&
    (version === undefined || record.function.version === version) &&
    (sinceMs === undefined || record.startedAtMs >= sinceMs) &&
    (untilMs === undefined || record.startedAtMs < untilMs)
  );
}
