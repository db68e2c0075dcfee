import { SharedBudget, type BudgetLimits } from '../../common/budgets/shared-budget.js';
import { budgetBytesOf, type LogLine } from '../store/record-store.js';
import { WaitingLines, type BatchLimits } from './waiting-lines.js';

/**
 * Lines that wait to be written. Each function has a queue of its own, which holds no more than its share, and all are
 * served in turn: one that floods neither takes the others' room nor makes their lines wait for its own.
 */
export class LineQueue {
  /** The function whose turn is next comes first. */
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
      const turns = [...this.waiting];
      const share = {
        rows: Math.ceil((rows - taken.length) / turns.length),
        bytes: Math.ceil(roomBytes / turns.length),
      };
      for (const [functionId, queue] of turns) {
        if (taken.length >= rows || roomBytes <= 0) break;
        const lines = queue.take(share);
        const takenBytes = lines.reduce((sum, line) => sum + budgetBytesOf(line), 0);
        roomBytes -= takenBytes;
        taken.push(...lines);
        this.hadItsTurn(functionId, queue, takenBytes);
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

  private hadItsTurn(functionId: string, queue: WaitingLines, takenBytes: number): void {
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
