import type { ServerResponse } from 'node:http';

/** What a connection hears of, with the response, when no other one may come after it. */
export const lastResponseEvent = Symbol('last response');

/**
 * Before a response starts that may last: it says `Connection: close`, and requests sent behind it, whose responses would
 * wait for its end, close the connection instead (RFC 9112, section 9.6: what follows such a response is not served).
 */
export function becomeLastResponse(response: ServerResponse): void {
  response.shouldKeepAlive = false;
  response.req.socket.emit(lastResponseEvent, response);
}
