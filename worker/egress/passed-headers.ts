import type { IncomingHttpHeaders } from 'node:http';

/** For a proxy inside the container, or for the connection to it. */
const ofProxy = new Set([
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
]);

/** The headers of a request that a proxy inside the container sends on. */
export function passedHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofProxy.has(name)));
}
