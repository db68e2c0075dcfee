import { budgetBytesOf, type LogLine } from '../store/record-store.js';

/** Most that is taken at once; the line that passes the number of bytes is the last. */
export interface BatchLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** Lines of one function that wait, in their order, and how many found no room after them. */
export class WaitingLines {
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
