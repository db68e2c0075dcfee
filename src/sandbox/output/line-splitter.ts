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
