import { StringDecoder } from 'node:string_decoder';
import { Writable } from 'node:stream';
import { maxBuildLogLength } from '../src/builds/protocol/limits.js';
import type { BuildLogMessage } from '../src/builds/protocol/messages.js';

type LogStreamName = BuildLogMessage['stream'];
type Send = (message: BuildLogMessage) => Promise<void>;

/** What is sent of a log as it comes, in UTF-16 units; of what comes after that, only the end. */
const headLength = 1024 * 1024;
/** A tool says at its end what went wrong. */
const tailLength = 64 * 1024;

/**
 * The log of a build, sent as it is printed. Its characters stay as they are: whoever shows them escapes them. What a
 * tool prints without end is cut in its middle.
 */
export class BuildLog {
  private sentLength = 0;
  private tail: BuildLogMessage[] = [];
  private tailHeld = 0;
  private omitted = 0;

  constructor(private readonly send: Send) {}

  /** Something that the builder itself says. */
  async say(text: string): Promise<void> {
    await this.lines('stdout', text.split('\n'));
  }

  /** Where a tool's output goes. It takes no more than the host reads. */
  output(stream: LogStreamName): Writable {
    const cutter = new LineCutter();
    return new Writable({
      write: (bytes: Buffer, _, done) => {
        this.lines(stream, cutter.push(bytes)).then(() => {
          done();
        }, done);
      },
      final: (done) => {
        this.lines(stream, cutter.end()).then(() => {
          done();
        }, done);
      },
    });
  }

  async lines(stream: LogStreamName, lines: readonly string[]): Promise<void> {
    for (const text of joined(lines)) await this.add({ type: 'log', stream, text });
  }

  /** Sends what was held back of a log that was too long. */
  async end(): Promise<void> {
    if (this.omitted > 0) {
      const text = `[${this.omitted} characters of the log are left out here: it is too long]`;
      await this.send({ type: 'log', stream: 'stderr', text });
    }
    for (const message of this.tail) await this.send(message);
    this.tail = [];
  }

  private async add(message: BuildLogMessage): Promise<void> {
    const { length } = message.text;
    if (this.sentLength + length <= headLength) {
      this.sentLength += length;
      await this.send(message);
      return;
    }
    // Nothing goes at once any more, however short: lines keep their order.
    this.sentLength = headLength;
    this.tail.push(message);
    this.tailHeld += length;
    while (this.tailHeld > tailLength) {
      const oldest = this.tail.shift()?.text.length ?? 0;
      this.tailHeld -= oldest;
      this.omitted += oldest;
    }
  }
}

/** Cuts bytes into lines; one that is too long becomes several. */
export class LineCutter {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  push(bytes: Buffer): string[] {
    const lines = (this.rest + this.decoder.write(bytes)).split('\n');
    this.rest = lines.pop() ?? '';
    const complete = lines.map(withoutReturn).flatMap(cut);
    while (this.rest.length > maxBuildLogLength) {
      complete.push(this.rest.slice(0, maxBuildLogLength));
      this.rest = this.rest.slice(maxBuildLogLength);
    }
    return complete;
  }

  end(): string[] {
    const last = withoutReturn(this.rest + this.decoder.end());
    this.rest = '';
    return last === '' ? [] : cut(last);
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function cut(line: string): string[] {
  if (line.length <= maxBuildLogLength) return [line];
  const parts = Math.ceil(line.length / maxBuildLogLength);
  return Array.from({ length: parts }, (_, index) =>
    line.slice(index * maxBuildLogLength, (index + 1) * maxBuildLogLength),
  );
}

/** As few texts as hold the lines: a frame for each would cost more than the lines themselves. */
function joined(lines: readonly string[]): string[] {
  const texts: string[] = [];
  for (const line of lines.flatMap(cut)) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= maxBuildLogLength)
      texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts;
}
