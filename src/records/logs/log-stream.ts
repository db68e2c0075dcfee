import type { ServerResponse } from 'node:http';
import { OpenResponse } from '../../common/connection/open-response.js';
import {
  heartbeatComment,
  serverSentEvent,
  serverSentEventsType,
} from '../../common/connection/server-sent-event.js';
import { safeText } from '../../common/safe-text.js';
import type { LogLine } from '../store/record-store.js';
import { LogLineResponse } from './log-response.js';
import type { FeedEnd } from './log-feed.js';

/** A log that goes on as long as its client follows. */
export class LogStream extends OpenResponse {
  constructor(
    response: ServerResponse,
    private readonly format: LogFormat,
  ) {
    super(response, format.contentType);
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

  end(reason: FeedEnd): void {
    this.write(this.format.end(reason));
    this.close();
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

export const serverSentEvents: LogFormat = {
  contentType: serverSentEventsType,
  line: (line) => serverSentEvent('line', new LogLineResponse(line), line.sequence),
  dropped: (lines) => serverSentEvent('dropped', { lines }),
  end: (reason) => serverSentEvent('end', { reason }),
  heartbeat: heartbeatComment,
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

const shownIdLength = 8;

function textLine({ atMs, level, stream, invocationId, text }: LogLine): string {
  const call = (invocationId ?? '-').slice(0, shownIdLength).padEnd(shownIdLength);
  return `${new Date(atMs).toISOString()} ${level.padEnd(5)} ${stream.padEnd(7)} ${call} ${safeText(text)}\n`;
}
