import { escapeUnsafe, safeText } from '../../common/safe-text.js';
import type { LogLine } from '../store/record-store.js';
import { LogLineAnswer } from './log-answer.js';
import type { FeedEnd } from './log-feed.js';

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
  line: (line) => event('line', new LogLineAnswer(line), line.sequence),
  dropped: (lines) => event('dropped', { lines }),
  end: (reason) => event('end', { reason }),
  heartbeat: ': heartbeat\n\n',
};

const endWords: Readonly<Record<FeedEnd, string>> = {
  deleted: 'The function was deleted.',
  shutdown: 'The server is shutting down.',
  'time-limit': 'That was as long as one request may follow a log; send it again.',
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
