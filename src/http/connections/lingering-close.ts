import type { IncomingMessage, ServerResponse } from 'node:http';
import { markAnswered } from './connection-limit.js';
import { dropBody } from './drop-body.js';

/** How long a client may go on sending what nobody will read, and in how many chunks: each costs the same, tiny or not. */
const lingerMs = 2000;
const lingerChunks = 1024;

/** Of chunks that carry next to nothing, so many will do: they are sent by whoever makes work, or as time goes by. */
const lingerTinyChunks = 64;
const tinyBytes = 64;

/**
 * Answers a request of which not everything has arrived, and closes the connection. A connection closed with unread
 * bytes is reset, and a reset can overtake the answer; so the rest of the request is read and thrown away first, within
 * limits. The client has the whole answer meanwhile: its length is known.
 */
export function closeAfter(response: ServerResponse, request: IncomingMessage, body: Buffer): void {
  let chunks = 0;
  let tinyChunks = 0;
  response.setHeader('Connection', 'close');
  response.write(body);
  markAnswered(response);
  const timer = setTimeout(finish, lingerMs).unref();
  request.on('data', onData).once('end', finish).once('close', finish).resume();

  function onData({ length }: Buffer): void {
    chunks += 1;
    if (length < tinyBytes) tinyChunks += 1;
    if (chunks > lingerChunks || tinyChunks > lingerTinyChunks) finish();
  }

  function finish(): void {
    clearTimeout(timer);
    request.off('data', onData).off('end', finish).off('close', finish);
    dropBody(request);
    response.end();
  }
}
