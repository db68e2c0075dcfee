import { FirstBytes } from '../../container/first-bytes.js';

/** One line as it came out of a stream of bytes. */
export interface SplitLine {
  readonly text: string;
  /** It was longer than a line may be; the rest of it was passed over. */
  readonly isCut: boolean;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Cuts bytes into lines, however the chunks fall. It never holds more than one line's limit; what of a line lies
 * beyond that is passed over until the line ends. Bytes that are no UTF-8 become the replacement character.
 */
export class LineSplitter {
  /** Copied, because the rest of its chunk must not stay in memory with it. */
  private readonly begun: FirstBytes;
  private isCut = false;

  constructor(
    private readonly limitBytes: number,
    private readonly onLine: (line: SplitLine) => void,
  ) {
    this.begun = new FirstBytes(limitBytes);
  }

  push(bytes: Buffer): void {
    let start = 0;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
      this.endLine(bytes.subarray(start, end));
      start = end + 1;
    }
    if (start < bytes.length) this.begin(bytes.subarray(start));
  }

  /** What was begun and has no end is a line, too. */
  finish(): void {
    if (this.begun.length > 0) this.tell(this.begun.bytes());
  }

  private begin(bytes: Buffer): void {
    if (this.begun.append(bytes) < bytes.length) this.isCut = true;
  }

  private endLine(rest: Buffer): void {
    // Most lines come in one piece, which needs no copy.
    const isWhole = this.begun.length === 0 && rest.length <= this.limitBytes;
    if (!isWhole) this.begin(rest);
    this.tell(isWhole ? rest : this.begun.bytes());
  }

  private tell(line: Buffer): void {
    const { isCut } = this;
    const end = !isCut && line.at(-1) === carriageReturn ? line.length - 1 : line.length;
    const text = line.toString('utf8', 0, end);
    this.begun.clear();
    this.isCut = false;
    this.onLine({ text, isCut });
  }
}

const newline = 0x0a;

/** Line feeds in the bytes. A plain loop, because there may be as many as there are bytes. */
export function countLines(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === newline) count += 1;
  return count;
}

/** The bytes up to the end of their `lines`-th line, and how many lines that is; all of them where there are fewer. */
export function firstLines(bytes: Buffer, lines: number): { readonly bytes: Buffer; readonly lines: number } {
  let end = 0;
  for (let count = 0; count < lines; count += 1) {
    const at = bytes.indexOf(newline, end);
    if (at < 0) return { bytes, lines: count };
    end = at + 1;
  }
  return { bytes: bytes.subarray(0, end), lines };
}

/** The last `lines` lines of the bytes: the last counts as one also where nothing ends it. */
export function lastLines(bytes: Buffer, lines: number): Buffer {
  let start = bytes.length;
  for (let count = 0; count < lines; count += 1) {
    if (start === 0) return bytes;
    // The line feed right before `start` ends the line that is looked for.
    start = start === 1 ? 0 : bytes.lastIndexOf(newline, start - 2) + 1;
  }
  return bytes.subarray(start);
}
