import type { IncomingMessage, ServerResponse } from 'node:http';

/** Takes a request and answers it, or returns false and has done nothing: then it goes the framework's way. */
export type DirectRoute = (request: IncomingMessage, response: ServerResponse) => boolean;
