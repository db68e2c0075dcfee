import { SharedBudget, type BudgetLimits } from '../../common/budgets/shared-budget.js';
import type { InvocationUsage } from '../../sandbox/sandbox-events.js';
import type { EndedInvocation, InvocationRecord, RecordBatch } from '../store/record-store.js';

/** Bytes that a record takes in memory beside the texts of its failure, and what a call used without its record. */
const bytesOfRecord = 1024;
const bytesOfUsage = 256;

const notMeasured: InvocationUsage = { memoryPeakBytes: null, cpuTimeMs: null };

type Usage = RecordBatch['usages'][number];

/** How calls went, waiting to be written: in room of their own, which no line takes, and each function in its share. */
export class RecordQueue {
  private invocations = new Map<string, InvocationRecord>();
  private readonly usages: Usage[] = [];
  private readonly budget: SharedBudget;
  private takenCount = 0;

  constructor(limits: BudgetLimits) {
    this.budget = new SharedBudget(limits);
  }

  get size(): number {
    return this.invocations.size + this.usages.length;
  }

  /** What `taken` will be when all that waits now has been taken. */
  get due(): number {
    return this.takenCount + this.size;
  }

  /** Records and usages that were taken since the start. */
  get taken(): number {
    return this.takenCount;
  }

  /** False where there is no room. */
  add(ended: EndedInvocation): boolean {
    if (this.budget.take(ended.function.id, bytesOf(ended)) !== undefined) return false;
    this.invocations.set(ended.id, { ...ended, usage: notMeasured });
    return true;
  }

  /** Joined to its record where that still waits. False where there is no room. */
  addUsage(invocationId: string, usage: InvocationUsage): boolean {
    const waiting = this.invocations.get(invocationId);
    if (waiting) {
      this.invocations.set(invocationId, { ...waiting, usage });
      return true;
    }
    if (this.budget.take(undefined, bytesOfUsage) !== undefined) return false;
    this.usages.push([invocationId, usage]);
    return true;
  }

  /** The next, the oldest first. */
  take(rows: number): Omit<RecordBatch, 'lines'> {
    const invocations = this.takeInvocations(rows);
    const usages = this.usages.splice(0, rows - invocations.length);
    this.budget.giveBack(undefined, usages.length * bytesOfUsage);
    this.takenCount += invocations.length + usages.length;
    return { invocations, usages };
  }

  forget(functionId: string): void {
    for (const record of this.invocations.values()) {
      if (record.function.id !== functionId) continue;
      this.remove(record);
      this.takenCount += 1;
    }
  }

  private takeInvocations(rows: number): InvocationRecord[] {
    const taken: InvocationRecord[] = [];
    for (const record of this.invocations.values()) {
      if (taken.length >= rows) break;
      taken.push(record);
    }
    // Nearly always all of them, which are let go at once.
    if (taken.length === this.invocations.size) this.invocations = new Map();
    for (const record of taken) this.remove(record);
    return taken;
  }

  private remove(record: InvocationRecord): void {
    this.invocations.delete(record.id);
    this.budget.giveBack(record.function.id, bytesOf(record));
  }
}

/** Of the texts of a failure that are not bounded to a few bytes. */
function bytesOf({ failure }: EndedInvocation): number {
  if (!failure) return bytesOfRecord;
  const { causes = [], stack } = failure;
  return causes.reduce((sum, cause) => sum + cause.errorMessage.length, bytesOfRecord + (stack?.length ?? 0));
}
