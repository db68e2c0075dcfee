import { Inject, Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import { Clock, type CancelTimer } from '../common/time/clock.js';
import type { InvocationUsage } from '../sandbox/printed-line.js';
import { DropReport } from './drop-report.js';
import { recordsSettings, type RecordsSettings } from './records.settings.js';
import type { EndedInvocation } from './store/ended-invocation.js';
import { RecordStore, type InvocationRecord, type LogLine, type RecordBatch } from './store/record-store.js';

/** What a killed process may lose: the promise of the documentation, so not a setting. */
const writeEveryMs = 100;

/** So many lines and records are written without waiting, so that no batch grows much beyond it. */
const writeAtRows = 1000;

/** Bytes that a record takes in memory, beside its stack; of a line, beside its text. */
const bytesOfRecord = 1024;
const bytesOfLine = 256;

const notMeasured: InvocationUsage = { memoryPeakBytes: null, cpuTimeMs: null };

/**
 * Collects lines and records and writes them in batches, away from the calls. It never waits, and never fails: what
 * the store refuses or the queue has no room for is dropped, counted, and said in the log once, until it is mended.
 */
@Injectable()
export class RecordWriter {
  private lines: LogLine[] = [];
  private invocations = new Map<string, InvocationRecord>();
  private usages: RecordBatch['usages'][number][] = [];
  private pendingBytes = 0;
  private readonly report: DropReport;
  private writing: Promise<boolean> | undefined;
  private cancelTimer: CancelTimer | undefined;

  constructor(
    private readonly store: RecordStore,
    private readonly clock: Clock,
    log: Log,
    @Inject(recordsSettings.config.KEY) private readonly settings: RecordsSettings,
  ) {
    this.report = new DropReport(log);
  }

  /** Lines and records that were dropped since the start. */
  get dropped(): number {
    return this.report.dropped;
  }

  line(line: LogLine): void {
    if (this.hasRoomFor(bytesOfLine + line.text.length)) this.lines.push(line);
    this.writeSoon();
  }

  invocation(ended: EndedInvocation): void {
    const bytes = bytesOfRecord + bytesOfFailure(ended.failure);
    if (this.hasRoomFor(bytes)) this.invocations.set(ended.id, { ...ended, usage: notMeasured });
    this.writeSoon();
  }

  /** Of a call that has ended: most often its record still waits here. */
  usage(invocationId: string, usage: InvocationUsage): void {
    const waiting = this.invocations.get(invocationId);
    if (waiting) this.invocations.set(invocationId, { ...waiting, usage });
    else if (this.hasRoomFor(bytesOfLine)) this.usages.push([invocationId, usage]);
    this.writeSoon();
  }

  /** Nothing that waits of the function is written any more. */
  forget(functionId: string): void {
    this.lines = this.lines.filter((line) => line.function.id !== functionId);
    for (const [id, record] of this.invocations) {
      if (record.function.id === functionId) this.invocations.delete(id);
    }
  }

  /** Resolves when everything that was told before is in the store; false when something of it was dropped. */
  async flush(): Promise<boolean> {
    while (this.writing) await this.writing;
    const done = await this.write();
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    return done;
  }

  private get rows(): number {
    return this.lines.length + this.invocations.size + this.usages.length;
  }

  private hasRoomFor(bytes: number): boolean {
    if (this.pendingBytes + bytes > this.settings.queueBytes) {
      this.report.dropped += 1;
      return false;
    }
    this.pendingBytes += bytes;
    return true;
  }

  private writeSoon(): void {
    if (this.writing) return;
    if (this.rows >= writeAtRows) void this.write();
    else {
      this.cancelTimer ??= this.clock.schedule(writeEveryMs, () => {
        this.cancelTimer = undefined;
        void this.write();
      });
    }
  }

  private write(): Promise<boolean> {
    this.writing ??= this.writePending().finally(() => {
      this.writing = undefined;
      if (this.rows > 0) this.writeSoon();
    });
    return this.writing;
  }

  /** Never rejects. */
  private async writePending(): Promise<boolean> {
    const batch = this.takeBatch();
    const rows = batch.lines.length + batch.invocations.length + batch.usages.length;
    if (rows === 0) return true;
    try {
      await this.store.write(batch);
      this.report.afterWrite(undefined);
      return true;
    } catch (error) {
      this.report.dropped += rows;
      this.report.afterWrite(error);
      return false;
    }
  }

  private takeBatch(): RecordBatch {
    const batch = { lines: this.lines, invocations: [...this.invocations.values()], usages: this.usages };
    this.lines = [];
    this.invocations = new Map();
    this.usages = [];
    this.pendingBytes = 0;
    return batch;
  }
}

/** Of the texts that are not bounded to a few bytes. */
function bytesOfFailure(failure: EndedInvocation['failure']): number {
  const causes = failure?.causes ?? [];
  return causes.reduce((sum, cause) => sum + cause.errorMessage.length, failure?.stack?.length ?? 0);
}
