import { LastBytes } from '../../container/last-bytes.js';
import { levelOfStream, type OutputStreamName } from '../../ipc/protocol/messages.js';
import type { LineLevel, PrintedLine } from '../printed-line.js';
import { LineSplitter } from './line-splitter.js';

type Stream = OutputStreamName;

/** What a line says of itself; whose it is and when it came the recorder adds. */
export type OutputLine = Pick<PrintedLine, 'stream' | 'level' | 'text' | 'isCut' | 'droppedBytes'>;

export interface OutputLineLimits {
  /** Of one call's output: the first half goes on at once, of the rest each stream's end when the call is over. */
  readonly outputBytes: number;
  readonly lineBytes: number;
}

/** What one call prints, as lines, and never more than the limit of them. */
export class OutputLines {
  private roomBytes: number;
  private readonly streams: Readonly<Record<Stream, StreamLines>>;

  constructor(limits: OutputLineLimits, onLine: (line: OutputLine) => void) {
    this.roomBytes = Math.floor(limits.outputBytes / 2);
    const lastBytes = Math.floor((limits.outputBytes - this.roomBytes) / 2);
    const linesOf = (stream: Stream) => new StreamLines(stream, { ...limits, lastBytes }, onLine);
    this.streams = { stdout: linesOf('stdout'), stderr: linesOf('stderr') };
  }

  append(stream: Stream, bytes: Buffer, level: LineLevel | undefined): void {
    const lines = this.streams[stream];
    const now = bytes.subarray(0, this.roomBytes);
    this.roomBytes -= now.length;
    if (now.length > 0) lines.push(now, level);
    if (now.length < bytes.length) lines.putOff(bytes.subarray(now.length));
  }

  finish(): void {
    this.streams.stdout.finish();
    this.streams.stderr.finish();
  }
}

class StreamLines {
  private readonly splitter: LineSplitter;
  private readonly last: LastBytes;
  private level: LineLevel;
  private droppedBytes = 0;

  constructor(
    private readonly stream: Stream,
    { lineBytes, lastBytes }: { readonly lineBytes: number; readonly lastBytes: number },
    onLine: (line: OutputLine) => void,
  ) {
    this.level = levelOfStream[stream];
    this.last = new LastBytes(lastBytes);
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
  }

  /** The level of what was put off is the stream's: which bytes had another is not kept. */
  finish(): void {
    if (this.last.totalBytes > 0) {
      const { droppedBytes } = this.last;
      // A gap ends the line that was begun before it.
      if (droppedBytes > 0) this.splitter.finish();
      this.droppedBytes = droppedBytes;
      this.push(this.last.bytes());
    }
    this.splitter.finish();
  }
}
