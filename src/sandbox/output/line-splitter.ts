import { FirstBytes } from '../../container/output-tail.js';

/** One line of a stream of bytes. */
export interface SplitLine {
  readonly text: string;
  /** It was longer than a line may be, and the rest was skipped. */
  readonly isCut: boolean;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Cuts bytes into lines, wherever the chunks end. It never holds more than one line's limit, and skips the rest of a
 * longer line. Bytes that are not UTF-8 become the replacement character.
 */
export class LineSplitter {
  /** The line that has no end yet: a copy, because the rest of its chunk must not stay in memory with it. */
  private readonly partial: FirstBytes;
  private isCut = false;

  constructor(
    private readonly limitBytes: number,
    private readonly onLine: (line: SplitLine) => void,
  ) {
    this.partial = new FirstBytes(limitBytes);
  }

  push(bytes: Buffer): void {
    let start = 0;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
      this.endLine(bytes.subarray(start, end));
      start = end + 1;
    }
    if (start < bytes.length) this.extend(bytes.subarray(start));
  }

  /** What has no end is a line, too. */
  finish(): void {
    if (this.partial.length > 0) this.emit(this.partial.bytes());
  }

  private extend(bytes: Buffer): void {
    if (this.partial.append(bytes) < bytes.length) this.isCut = true;
  }

  private endLine(rest: Buffer): void {
    // Most lines come in one piece, which needs no copy.
    const isWhole = this.partial.length === 0 && rest.length <= this.limitBytes;
    if (!isWhole) this.extend(rest);
    this.emit(isWhole ? rest : this.partial.bytes());
  }

  private emit(line: Buffer): void {
    const { isCut } = this;
    const end = !isCut && line.at(-1) === carriageReturn ? line.length - 1 : line.length;
    const text = line.toString('utf8', 0, end);
    this.partial.clear();
    this.isCut = false;
    this.onLine({ text, isCut });
  }
}

/** Line feeds in the bytes. A plain loop, because there may be as many as there are bytes. */
export function countLines(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === lineFeed) count += 1;
  return count;
}

/** The bytes up to the end of their `lines`-th line, and how many lines that is; all bytes if there are fewer. */
export function firstLines(bytes: Buffer, lines: number): { readonly bytes: Buffer; readonly lines: number } {
  let end = 0;
  for (let count = 0; count < lines; count += 1) {
    const at = bytes.indexOf(lineFeed, end);
    if (at < 0) return { bytes, lines: count };
    end = at + 1;
  }
  return { bytes: bytes.subarray(0, end), lines };
}

/** The last `lines` lines of the bytes; the last one counts even if nothing ends it. */
export function lastLines(bytes: Buffer, lines: number): Buffer {
  let start = bytes.length;
  for (let count = 0; count < lines; count += 1) {
    if (start === 0) return bytes;
    // The line feed right before `start` ends the line to find.
    start = start === 1 ? 0 : bytes.lastIndexOf(lineFeed, start - 2) + 1;
  }
  return bytes.subarray(start);
}
