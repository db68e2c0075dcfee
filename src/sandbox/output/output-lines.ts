import { LastBytes } from '../../container/last-bytes.js';
import { levelOfStream, type OutputStreamName } from '../../ipc/protocol/messages.js';
import type { LineLevel, PrintedLine } from '../printed-line.js';
import { countLines, firstLines, lastLines, LineSplitter } from './line-splitter.js';

type Stream = OutputStreamName;

/** What a line says of itself; whose it is and when it came the recorder adds. */
export type OutputLine = Pick<PrintedLine, 'stream' | 'level' | 'text' | 'isCut' | 'droppedBytes'>;

export interface OutputLineLimits {
  /** Of one call's output: the first half goes on at once, of the rest each stream's end when the call is over. */
  readonly outputBytes: number;
  /** Likewise: a line costs more than its bytes, and may have none. */
  readonly outputLines: number;
  readonly lineBytes: number;
}

/** What one call prints, as lines, and never more than the limits of them. */
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
    if (now.bytes.length < bytes.length) lines.putOff(bytes.subarray(now.bytes.length));
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
  private linesPutOff = 0;
  /** What is kept of what was put off, once that is decided. */
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

  /** A line has the level of its end: that of what is written whole, which is the rule. */
  push(bytes: Buffer, level: LineLevel = levelOfStream[this.stream]): void {
    this.level = level;
    this.splitter.push(bytes);
  }

  putOff(bytes: Buffer): void {
    this.last.append(bytes);
    this.linesPutOff += countLines(bytes);
  }

  /** Ends what comes before a gap, and gives the number of lines that are missing in it for being too many. */
  close(): number {
    if (this.last.totalBytes === 0) return 0;
    const end = this.last.bytes();
    this.kept = lastLines(end, this.ending.lines);
    const droppedBytes = this.last.totalBytes - this.kept.length;
    // A gap ends the line that was begun before it.
    if (droppedBytes > 0) this.splitter.finish();
    this.droppedBytes = droppedBytes;
    return this.kept.length < end.length ? this.linesPutOff - countLines(this.kept) : 0;
  }

  /** The level of what was put off is the stream's: which bytes had another is not kept. */
  finish(): void {
    if (this.kept) this.push(this.kept);
    this.splitter.finish();
  }
}

function tooManyLines(missing: number, { outputLines }: OutputLineLimits): OutputLine {
  const text = `${missing} lines were not kept: more than ${outputLines} were printed (GLAMBDAR_OUTPUT_LINES).`;
  return { stream: 'runtime', level: 'warn', text, isCut: false, droppedBytes: 0 };
}
