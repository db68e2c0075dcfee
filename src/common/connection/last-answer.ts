import type { ServerResponse } from 'node:http';

/** What a connection is told, with the answer, when it is to have no other one after it. */
export const lastAnswerEvent = Symbol('last answer');

/**
 * Before an answer begins that may last: it says `Connection: close`, and requests sent behind it, whose answers would
 * wait for its end, close the connection instead (RFC 9112, section 9.6: what follows such an answer is not served).
 */
export function becomeLastAnswer(response: ServerResponse): void {
  response.shouldKeepAlive = false;
  response.req.socket.emit(lastAnswerEvent, response);
}
