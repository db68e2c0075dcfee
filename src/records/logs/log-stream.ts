import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { becomeLastResponse } from '../../common/connection/last-response.js';
import { escapeUnsafe, safeText } from '../../common/safe-text.js';
import type { LogLine } from '../store/record-store.js';
import { LogLineResponse } from './log-response.js';
import type { FeedEnd } from './log-feed.js';

/** An answer that goes on as long as its client follows. */
export class LogStream {
  constructor(
    private readonly response: ServerResponse,
    private readonly format: LogFormat,
  ) {}

  open(): void {
    becomeLastResponse(this.response);
    this.response.statusCode = 200;
    this.response.setHeader('Content-Type', this.format.contentType);
    this.response.setHeader('Cache-Control', 'no-store');
    // A proxy that gathers an answer before it passes it on would make this one useless.
    this.response.setHeader('X-Accel-Buffering', 'no');
    this.response.flushHeaders();
  }

  get isOpen(): boolean {
    return !this.response.writableEnded && !this.response.destroyed;
  }

  /** Bytes that the client has not taken yet. */
  get waitingBytes(): number {
    return this.response.writableLength;
  }

  /** In one piece, which costs less than each by itself. */
  lines(lines: readonly LogLine[]): void {
    this.write(lines.map((line) => this.format.line(line)).join(''));
  }

  dropped(lines: number): void {
    this.write(this.format.dropped(lines));
  }

  heartbeat(): void {
    if (this.format.heartbeat !== '') this.write(this.format.heartbeat);
  }

  /** Resolves when the client has taken what was sent, or is gone. */
  async drained(): Promise<void> {
    if (!this.isOpen || !this.response.writableNeedDrain) return;
    const controller = new AbortController();
    const { signal } = controller;
    const either = [once(this.response, 'drain', { signal }), once(this.response, 'close', { signal })];
    await Promise.race(either).finally(() => {
      controller.abort();
      // The one that lost is told of the abort, and nobody waits for it.
      void Promise.allSettled(either);
    });
  }

  onDrained(listener: () => void): void {
    this.response.on('drain', listener);
  }

  /** Also when the client has left. */
  onClosed(listener: () => void): void {
    this.response.once('close', listener);
  }

  end(reason: FeedEnd): void {
    this.write(this.format.end(reason));
    if (this.isOpen) this.response.end();
  }

  private write(text: string): void {
    if (this.isOpen) this.response.write(text);
  }
}

/** How a log that is followed is written. Nothing that a function printed can end what it stands in. */
export interface LogFormat {
  readonly contentType: string;
  line(line: LogLine): string;
  /** So many lines were not sent, because the client reads too slowly. */
  dropped(lines: number): string;
  /** Nothing more will come. */
  end(reason: FeedEnd): string;
  /** Keeps proxies and clients from taking silence for the end; empty where nothing can be sent that is not seen. */
  readonly heartbeat: string;
}

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), their data JSON on one line. */
export const serverSentEvents: LogFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  line: (line) => event('line', new LogLineResponse(line), line.sequence),
  dropped: (lines) => event('dropped', { lines }),
  end: (reason) => event('end', { reason }),
  heartbeat: ': heartbeat\n\n',
};

const endWords: Readonly<Record<FeedEnd, string>> = {
  deleted: 'The function was deleted.',
  shutdown: 'The server is shutting down.',
  'time-limit': 'The request has followed the log for as long as it may; send it again.',
  'signed-out': 'The session has ended: sign in again.',
  revoked: 'The key was revoked.',
  expired: 'The key has expired.',
  'key-needed': 'This server has keys now: follow with one.',
  forbidden: 'The key does not include this log any more.',
};

/** For people at a terminal: time, level, stream, the first digits of the call's id, and the text. */
export const plainText: LogFormat = {
  contentType: 'text/plain; charset=utf-8',
  line: (line) => {
    const remark = (text: string) => textLine({ ...line, level: 'warn', stream: 'runtime', text });
    const before =
      line.droppedBytes === 0 ? '' : remark(`${line.droppedBytes} bytes before the next line were not kept.`);
    const after = line.isCut ? remark('The end of the line before was not kept: it is too long.') : '';
    return before + textLine(line) + after;
  },
  dropped: (lines) => `# ${lines} lines were not sent, because they are read too slowly.\n`,
  end: (reason) => `# ${endWords[reason]}\n`,
  heartbeat: '',
};

function event(name: string, data: object, id?: number): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return `event: ${name}\n${idLine}data: ${escapeUnsafe(JSON.stringify(data))}\n\n`;
}

const shownIdLength = 8;

function textLine({ atMs, level, stream, invocationId, text }: LogLine): string {
  const call = (invocationId ?? '-').slice(0, shownIdLength).padEnd(shownIdLength);
  return `${new Date(atMs).toISOString()} ${level.padEnd(5)} ${stream.padEnd(7)} ${call} ${safeText(text)}\n`;
}
