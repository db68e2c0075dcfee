import { type BudgetLimits, SharedBudget } from '../../common/budgets/shared-budget.js';
import { budgetBytesOf, type LogLine } from '../store/record-store.js';

/** Most that is taken at once; the line that passes the number of bytes is the last. */
interface BatchLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** Lines of one function that wait, in their order, and how many found no room after them. */
class WaitingLines {
  private lines: LogLine[] = [];
  private lost = 0;
  private lastLost: LogLine | undefined;

  get size(): number {
    return this.lines.length;
  }

  /** Numbers of lines, of a remark to come too; beyond every number, and below it, where there is none. */
  get oldest(): number {
    return (this.lines[0] ?? this.lastLost)?.sequence ?? Number.POSITIVE_INFINITY;
  }

  get newest(): number {
    return (this.lastLost ?? this.lines.at(-1))?.sequence ?? 0;
  }

  add(line: LogLine): void {
    this.lines.push(line);
  }

  lose(line: LogLine): void {
    this.lost += 1;
    this.lastLost = line;
  }

  take({ rows, bytes }: BatchLimits): LogLine[] {
    let count = 0;
    let taken = 0;
    for (const line of this.lines) {
      if (count >= rows || taken >= bytes) break;
      count += 1;
      taken += budgetBytesOf(line);
    }
    return this.lines.splice(0, count);
  }

  /** Once after a loss: what the server says of it, in the place of the last line that was lost. */
  remarkOnLoss(): LogLine | undefined {
    const { lost, lastLost } = this;
    if (!lastLost) return undefined;
    this.lost = 0;
    this.lastLost = undefined;
    const text = `${lost} lines were not kept: the function prints faster than its lines can be written.`;
    return {
      ...lastLost,
      stream: 'runtime',
      level: 'warn',
      text,
      isCut: false,
      droppedBytes: 0,
    };
  }
}

/**
 * Lines that wait to be written. Each function has a queue of its own, which holds no more than its share, and all are
 * served round robin: one that floods neither takes the others' room nor makes their lines wait for its own.
 */
export class LineQueue {
  /** The function that is served next comes first. */
  private readonly waiting = new Map<string, WaitingLines>();
  private readonly budget: SharedBudget;

  constructor(limits: BudgetLimits) {
    this.budget = new SharedBudget(limits);
  }

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }

  /** False where there is no room for the line; a line of the server says so in its place. */
  add(line: LogLine): boolean {
    const { id } = line.function;
    const waiting = this.waiting.get(id) ?? new WaitingLines();
    this.waiting.set(id, waiting);
    const hasRoom = this.budget.take(id, budgetBytesOf(line)) === undefined;
    if (hasRoom) waiting.add(line);
    else waiting.lose(line);
    return hasRoom;
  }

  /** The number of the last line that waits, of one function or of all; 0 where none does. */
  newest(functionId?: string): number {
    return this.queuesOf(functionId).reduce((newest, queue) => Math.max(newest, queue.newest), 0);
  }

  /** Whether a line up to this number waits, of one function or of all. */
  holdsUpTo(sequence: number, functionId?: string): boolean {
    return this.queuesOf(functionId).some(({ oldest }) => oldest <= sequence);
  }

  /** The next lines, as many of each function as the others leave it, in the order of their numbers. */
  take({ rows, bytes }: BatchLimits): LogLine[] {
    const taken: LogLine[] = [];
    let roomBytes = bytes;
    while (taken.length < rows && roomBytes > 0 && this.waiting.size > 0) {
      const served = [...this.waiting];
      const share = {
        rows: Math.ceil((rows - taken.length) / served.length),
        bytes: Math.ceil(roomBytes / served.length),
      };
      for (const [functionId, queue] of served) {
        if (taken.length >= rows || roomBytes <= 0) break;
        const lines = queue.take(share);
        const takenBytes = lines.reduce((sum, line) => sum + budgetBytesOf(line), 0);
        roomBytes -= takenBytes;
        taken.push(...lines);
        this.wasServed(functionId, queue, takenBytes);
      }
    }
    return taken.sort((one, other) => one.sequence - other.sequence);
  }

  forget(functionId: string): void {
    this.waiting.delete(functionId);
    this.budget.giveBack(functionId, this.budget.usedBy(functionId));
  }

  private queuesOf(functionId: string | undefined): readonly WaitingLines[] {
    if (functionId === undefined) return [...this.waiting.values()];
    const queue = this.waiting.get(functionId);
    return queue ? [queue] : [];
  }

  private wasServed(functionId: string, queue: WaitingLines, takenBytes: number): void {
    this.budget.giveBack(functionId, takenBytes);
    this.waiting.delete(functionId);
    const remark = queue.remarkOnLoss();
    if (remark) {
      // There is room now, and the remark is needed more than another line.
      this.budget.add(functionId, budgetBytesOf(remark));
      queue.add(remark);
    }
    if (queue.size > 0) this.waiting.set(functionId, queue);
  }
}
