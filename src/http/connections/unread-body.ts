import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { markAnswered } from './connection-limit.js';

/** Where Node's parser keeps what it calls (`_http_common`), and the names of Node's own functions there. */
const onBody = 3;
const onMessageComplete = 4;
const bodyListener = 'parserOnBody';
const completionListener = 'parserOnMessageComplete';

type ParserListener = (this: Parser, ...given: unknown[]) => unknown;
type Parser = Record<number, ParserListener | undefined>;

/**
 * Lets Node's parser pass over what has yet to come of a body, without a word for each chunk. What it has read at once
 * it takes apart to the end whatever happens to its request, its socket or itself, so 64 KiB hold ten thousand chunks of
 * one byte. A buffer and a call for each cost 12 ms, 8 ms where Node throws them away itself (`destroy`, or an answer
 * that is done), and half a millisecond where nobody listens. Node has no public word for that; where a
 * version of it keeps its listeners elsewhere, nothing is changed.
 */
export function dropBody({ socket, complete }: IncomingMessage): void {
  const { parser } = socket as Socket & { parser?: Parser | null };
  const [body, completion] = [parser?.[onBody], parser?.[onMessageComplete]];
  if (complete || socket.destroyed || !parser || !body || !completion) return;
  if (body.name !== bodyListener || completion.name !== completionListener) return;
  // The next request of the connection is listened to again, and whichever connection is given this parser next.
  const listenAgain = () => {
    parser[onBody] = body;
    parser[onMessageComplete] = completion;
    socket.off('close', listenAgain);
  };
  parser[onBody] = undefined;
  parser[onMessageComplete] = function (...given) {
    listenAgain();
    return completion.apply(this, given);
  };
  socket.once('close', listenAgain);
}

/** How long the rest of a body may still come after the answer to it. */
const restWithinMs = 1000;

/**
 * Ends the connection of a request that was answered before its body had come, unless the rest comes soon. Node reads
 * and throws away what nobody reads for as long as a request may take.
 */
export function boundUnreadBody(request: IncomingMessage, response: ServerResponse): void {
  const { headers } = request;
  if (headers['transfer-encoding'] === undefined && headers['content-length'] === undefined) return;
  response.on('finish', boundRest);
}

function boundRest(this: ServerResponse): void {
  const request = this.req;
  if (request.complete) return;
  dropBody(request);
  setTimeout(() => {
    if (!request.complete) request.socket.destroy();
  }, restWithinMs).unref();
}

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
