import { Inject, Injectable } from '@nestjs/common';
import { fairShareSettings, type FairShareSettings, shareOf } from '../common/budgets/fair-share.settings.js';
import type { BudgetLimits } from '../common/budgets/shared-budget.js';
import { Log } from '../common/log/log.js';
import { type CancelTimer, Clock } from '../common/time/clock.js';
import type { InvocationUsage } from '../sandbox/sandbox-events.js';
import { LineQueue } from './queue/line-queue.js';
import { RecordQueue } from './queue/record-queue.js';
import { recordsSettings, type RecordsSettings } from './records.settings.js';
import { type EndedInvocation, type LogLine, type RecordBatch, RecordStore } from './store/record-store.js';

/** Counts what was dropped and logs it once when it starts and once when it is over. */
class DropReport {
  /** Since the start. */
  dropped = 0;
  lastDroppedMs: number | undefined;
  private seen = 0;
  private since: number | undefined;

  constructor(private readonly log: Log) {}

  drop(count: number, nowMs: number): void {
    this.dropped += count;
    this.lastDroppedMs = nowMs;
  }

  /** After each write; `cause` is why it failed, if it did. */
  afterWrite(cause: unknown): void {
    const before = this.seen;
    this.seen = this.dropped;
    if (this.dropped > before) this.startedDropping(before, cause);
    else if (this.since !== undefined) this.stoppedDropping(this.since);
  }

  private startedDropping(before: number, cause: unknown): void {
    if (this.since !== undefined) return;
    this.since = before;
    const why = cause === undefined ? { reason: 'more came than could be written' } : { err: cause };
    this.log.warn(why, 'lines of functions and records of calls are being dropped');
  }

  private stoppedDropping(since: number): void {
    this.since = undefined;
    this.log.info(
      { dropped: this.dropped - since },
      'lines of functions and records of calls are kept again',
    );
  }
}

/** What a killed process may lose: the promise of the documentation, so not a setting. */
const writeEveryMs = 100;

/** Of one batch: the store is at work on it for some ten milliseconds, and whoever reads waits that long. */
const batch = { rows: 1000, bytes: 1024 * 1024 };

/** Part of the queue that is kept for records of calls. */
const recordsPercent = 25;

/**
 * Collects lines and records and writes them in batches, away from the calls. It never waits, and never fails: what
 * the store refuses or the queue has no room for is dropped and counted, and logged once when it begins and once when it is over.
 */
@Injectable()
export class RecordWriter {
  private readonly lines: LineQueue;
  private readonly records: RecordQueue;
  private readonly report: DropReport;
  private writing: Promise<boolean> | undefined;
  private lastWriteMs = 0;
  /** The last batch had no room for all that waited. */
  private hasRest = false;
  private cancelTimer: CancelTimer | undefined;

  constructor(
    private readonly store: RecordStore,
    private readonly clock: Clock,
    log: Log,
    @Inject(recordsSettings.config.KEY) { queueBytes }: RecordsSettings,
    @Inject(fairShareSettings.config.KEY) { functionPercent }: FairShareSettings,
  ) {
    this.report = new DropReport(log);
    const limitsOf = (total: number): BudgetLimits => ({ total, share: shareOf(total, functionPercent) });
    const recordsBytes = Math.floor((queueBytes * recordsPercent) / 100);
    this.records = new RecordQueue(limitsOf(recordsBytes));
    this.lines = new LineQueue(limitsOf(queueBytes - recordsBytes));
  }

  /** Lines and records that were dropped since the start. */
  get dropped(): number {
    return this.report.dropped;
  }

  /** Whether any was dropped within this time. */
  hasDroppedWithin(ms: number): boolean {
    const { lastDroppedMs } = this.report;
    return lastDroppedMs !== undefined && this.clock.monotonicMs() - lastDroppedMs < ms;
  }

  line(line: LogLine): void {
    this.countDropped(this.lines.add(line));
  }

  invocation(ended: EndedInvocation): void {
    this.countDropped(this.records.add(ended));
  }

  /** Of a call that has ended: most often its record still waits here. */
  usage(invocationId: string, usage: InvocationUsage): void {
    this.countDropped(this.records.addUsage(invocationId, usage));
  }

  /** Nothing that waits of the function is written any more. */
  forget(functionId: string): void {
    this.lines.forget(functionId);
    this.records.forget(functionId);
  }

  /** Resolves when everything that came before is in the store; false when something of it was dropped. */
  flush(): Promise<boolean> {
    const [newest, due] = [this.lines.newest(), this.records.due];
    return this.writeUntil(() => this.records.taken >= due && !this.lines.holdsUpTo(newest));
  }

  /** As `flush`, for the lines of one function: the lines of others may wait on. */
  flushLines(functionId: string): Promise<boolean> {
    const newest = this.lines.newest(functionId);
    return this.writeUntil(() => !this.lines.holdsUpTo(newest, functionId));
  }

  /** As `flush`, for how calls went. */
  flushRecords(): Promise<boolean> {
    const { due } = this.records;
    return this.writeUntil(() => this.records.taken >= due);
  }

  private async writeUntil(isTaken: () => boolean): Promise<boolean> {
    // What is being written may be what is waited for.
    let isKept = this.writing ? await this.writing : true;
    while (!isTaken()) isKept = (await this.write()) && isKept;
    if (this.isEmpty) this.stopTimer();
    return isKept;
  }

  private get isEmpty(): boolean {
    return this.lines.isEmpty && this.records.size === 0;
  }

  private countDropped(hasRoom: boolean): void {
    if (!hasRoom) this.report.drop(1, this.clock.monotonicMs());
    this.writeLater(writeEveryMs);
  }

  private writeLater(afterMs: number): void {
    if (this.writing) return;
    this.cancelTimer ??= this.clock.schedule(afterMs, () => {
      this.cancelTimer = undefined;
      void this.write();
    });
  }

  private stopTimer(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private write(): Promise<boolean> {
    this.writing ??= this.writeNext().finally(() => {
      this.writing = undefined;
      // However much comes, the store rests as long as it was at work. What came meanwhile waits for more to come:
      // many small batches cost far more than one.
      if (!this.isEmpty)
        this.writeLater(this.hasRest ? Math.min(writeEveryMs, this.lastWriteMs) : writeEveryMs);
    });
    return this.writing;
  }

  /** Never rejects. */
  private async writeNext(): Promise<boolean> {
    const next = this.takeBatch();
    this.hasRest = !this.isEmpty;
    const rows = next.lines.length + next.invocations.length + next.usages.length;
    if (rows === 0) return true;
    const begunMs = this.clock.monotonicMs();
    try {
      await this.store.write(next);
      this.report.afterWrite(undefined);
      return true;
    } catch (error) {
      this.report.drop(rows, this.clock.monotonicMs());
      this.report.afterWrite(error);
      return false;
    } finally {
      this.lastWriteMs = this.clock.monotonicMs() - begunMs;
    }
  }

  /** Records first: they are few, and worth more than lines. */
  private takeBatch(): RecordBatch {
    const records = this.records.take(batch.rows);
    const rows = batch.rows - records.invocations.length - records.usages.length;
    return { ...records, lines: this.lines.take({ ...batch, rows }) };
  }
}
