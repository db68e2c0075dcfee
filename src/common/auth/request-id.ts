import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const headerName = 'X-Request-Id';

/** The id that the answer has, in its header; a first question gives it one. */
export function identify({ headers }: IncomingMessage, response: ServerResponse): string {
  const given = response.getHeader(headerName);
  if (typeof given === 'string') return given;
  const id = requestIdOf(headers['x-request-id']);
  response.setHeader(headerName, id);
  return id;
}

/** The client's own request id where it is harmless to repeat it in logs and answers, else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(header) ? header : randomUUID();
}
