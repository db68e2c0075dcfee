import { client } from '@glambdar/client/client';
import { serverPrefix } from '../routes.js';
import { errorOf } from './problem.js';
import { refreshSession, session } from './session.js';

/** Prepares the generated client; its functions then reject with an `ApiError`. Call them with `throwing`. */
export function prepareClient(): void {
  client.setConfig({ baseUrl: location.origin + serverPrefix, throwOnError: true });
  client.interceptors.request.use((request) => {
    for (const [name, value] of Object.entries(writeHeaders(request.method)))
      request.headers.set(name, value);
    return request;
  });
  client.interceptors.error.use((body, response) => {
    if (body instanceof DOMException) return body;
    noticeRefusal(response?.status, body);
    return errorOf(body, response?.status);
  });
}

/** Spread into the options of a generated function: what it resolves to then has `data`. */
export const throwing = { throwOnError: true } as const;

/** What a request that changes something says, besides the cookie: another page could not know it. */
export function writeHeaders(method: string): Record<string, string> {
  const csrfToken = session.peek()?.csrfToken ?? null;
  return csrfToken === null || method === 'GET' || method === 'HEAD' ? {} : { 'x-glambdar-csrf': csrfToken };
}

/** After an answer that may mean that the session has ended, or is another one, the server is asked who is signed in. */
export function noticeRefusal(status: number | undefined, body: unknown): void {
  const isOtherSession =
    typeof body === 'object' && body !== null && 'code' in body && body.code === 'CSRF_TOKEN_INVALID';
  // Where the server cannot be reached now, the next request tells.
  if (status === 401 || isOtherSession) refreshSession().catch(() => undefined);
}
