import type { IncomingMessage, ServerResponse } from 'node:http';
import { dropBody } from './drop-body.js';

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
