import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long a client may go on sending what nobody will read. */
const lingerMs = 2000;

/**
 * Answers a request of which not everything has arrived, and closes the connection. A connection closed with unread
 * bytes is reset, and a reset can overtake the answer; so the rest of the request is read and thrown away first, for
 * a limited time. The client has the whole answer meanwhile: its length is known.
 */
export function closeAfter(response: ServerResponse, request: IncomingMessage, body: Buffer): void {
  response.setHeader('Connection', 'close');
  response.write(body);
  const timer = setTimeout(finish, lingerMs).unref();
  request.once('end', finish).once('close', finish).resume();

  function finish(): void {
    clearTimeout(timer);
    request.off('end', finish).off('close', finish);
    response.end();
  }
}
