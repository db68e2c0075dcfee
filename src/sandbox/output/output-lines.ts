import { FirstBytes, LastBytes } from '../../container/output-tail.js';
import { levelOfStream, type OutputStreamName } from '../../ipc/protocol/messages.js';
import type { LineLevel, PrintedLine } from '../sandbox-events.js';

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
    // Most lines come in one chunk, which needs no copy.
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

type Stream = OutputStreamName;

/** A line by itself; the recorder adds whose it is and when it came. */
export type OutputLine = Pick<PrintedLine, 'stream' | 'level' | 'text' | 'isCut' | 'droppedBytes'>;

export interface OutputLineLimits {
  /** Of one call's output: the first half is passed on at once, the end of each stream when the call is over. */
  readonly outputBytes: number;
  /** Likewise; a line costs more than its bytes, and may have none. */
  readonly outputLines: number;
  readonly lineBytes: number;
}

/** What one call prints, as lines, within the limits. */
export class OutputLines {
  private roomBytes: number;
  private roomLines: number;
  private readonly streams: Readonly<Record<Stream, StreamLines>>;

  constructor(
    private readonly limits: OutputLineLimits,
    private readonly onLine: (line: OutputLine) => void,
  ) {
    this.roomBytes = Math.floor(limits.outputBytes / 2);
    this.roomLines = Math.floor(limits.outputLines / 2);
    const ending = {
      bytes: Math.floor((limits.outputBytes - this.roomBytes) / 2),
      lines: Math.floor((limits.outputLines - this.roomLines) / 2),
    };
    const linesOf = (stream: Stream) => new StreamLines(stream, limits.lineBytes, ending, onLine);
    this.streams = { stdout: linesOf('stdout'), stderr: linesOf('stderr') };
  }

  append(stream: Stream, bytes: Buffer, level: LineLevel | undefined): void {
    const lines = this.streams[stream];
    const now = firstLines(bytes.subarray(0, this.roomBytes), this.roomLines);
    this.roomBytes -= now.bytes.length;
    this.roomLines -= now.lines;
    if (now.bytes.length > 0) lines.push(now.bytes, level);
    if (now.bytes.length < bytes.length) lines.defer(bytes.subarray(now.bytes.length));
  }

  finish(): void {
    const { stdout, stderr } = this.streams;
    const missing = stdout.close() + stderr.close();
    if (missing > 0) this.onLine(tooManyLines(missing, this.limits));
    stdout.finish();
    stderr.finish();
  }
}

/** How much of a stream's end is kept. */
interface Ending {
  readonly bytes: number;
  readonly lines: number;
}

class StreamLines {
  private readonly splitter: LineSplitter;
  private readonly last: LastBytes;
  private level: LineLevel;
  private droppedBytes = 0;
  private deferredLines = 0;
  /** What is kept of the deferred bytes, once that is decided. */
  private kept: Buffer | undefined;

  constructor(
    private readonly stream: Stream,
    lineBytes: number,
    private readonly ending: Ending,
    onLine: (line: OutputLine) => void,
  ) {
    this.level = levelOfStream[stream];
    this.last = new LastBytes(ending.bytes);
    this.splitter = new LineSplitter(lineBytes, ({ text, isCut }) => {
      const { level, droppedBytes } = this;
      this.droppedBytes = 0;
      onLine({ stream, level, text, isCut, droppedBytes });
    });
  }

  /** A line has the level of its end; most lines are written whole. */
  push(bytes: Buffer, level: LineLevel = levelOfStream[this.stream]): void {
    this.level = level;
    this.splitter.push(bytes);
  }

  defer(bytes: Buffer): void {
    this.last.append(bytes);
    this.deferredLines += countLines(bytes);
  }

  /** Ends the line before a gap, and returns how many lines are missing in it because there were too many. */
  close(): number {
    if (this.last.totalBytes === 0) return 0;
    const end = this.last.bytes();
    this.kept = lastLines(end, this.ending.lines);
    const droppedBytes = this.last.totalBytes - this.kept.length;
    // A gap ends the line before it.
    if (droppedBytes > 0) this.splitter.finish();
    this.droppedBytes = droppedBytes;
    return this.kept.length < end.length ? this.deferredLines - countLines(this.kept) : 0;
  }

  /** Deferred lines have the level of their stream: which bytes had another one is not kept. */
  finish(): void {
    if (this.kept) this.push(this.kept);
    this.splitter.finish();
  }
}

function tooManyLines(missing: number, { outputLines }: OutputLineLimits): OutputLine {
  const text = `${missing} lines were not kept: more than ${outputLines} were printed (GLAMBDAR_OUTPUT_LINES).`;
  return { stream: 'runtime', level: 'warn', text, isCut: false, droppedBytes: 0 };
}
