import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { lastResponseOn } from './connection-limit.js';

/** Between questions whether a client still listens: soon after it closed its side, then now and then. */
const firstAskAgainMs = 20;
const askAgainMs = 1000;

/**
 * Answers clients that close their side as soon as their request is sent, and notices those that have left. Both look
 * the same from here: the end of what they send. So such a client is asked, by a `100 Continue`, which every HTTP/1.1
 * client takes at any time (RFC 9110, section 15.2): where nobody listens the write fails, and the connection with it.
 * Who cannot be asked counts as gone: clients of HTTP/1.0, and those that close their side in the middle of an answer
 * that is still being made, which may have nothing to send for as long as it likes.
 */
export function answerHalfClosed(server: Server): void {
  // Without it Node closes its side, too, when the client has closed its own (`socketOnEnd` in Node's `_http_server`).
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('connection', (socket: Socket) => {
    socket.once('end', () => {
      const response = lastResponseOn(socket);
      if (response?.headersSent === true && !response.writableEnded) socket.destroy();
      else if (response) ask(socket, response, firstAskAgainMs);
    });
  });
}

function ask(socket: Socket, response: ServerResponse, againMs: number): void {
  if (socket.destroyed || response.writableFinished) return;
  if (response.req.httpVersion === '1.0') {
    socket.destroy();
    return;
  }
  // Once the answer has begun, its own bytes find out.
  if (response.headersSent) return;
  response.writeContinue();
  setTimeout(() => {
    ask(socket, response, askAgainMs);
  }, againMs).unref();
}

/**
 * How long a client may take to close its side after its last answer. What its request holds is held until then, for
 * nothing tells whoever reads its body before.
 */
const closeWithinMs = 1000;

/**
 * Sends the last answer and closes. A server's connections may be half open, so without the deadline a client that
 * never closes its own side would keep its place for as long as it likes.
 */
export function endConnection(socket: Duplex, answer: string): void {
  socket.on('error', () => undefined);
  const timer = setTimeout(() => {
    socket.destroy();
  }, closeWithinMs).unref();
  socket.once('close', () => {
    clearTimeout(timer);
  });
  socket.end(answer);
}
