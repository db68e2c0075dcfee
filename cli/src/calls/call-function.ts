import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Server } from '../api/server.js';
import type { CallRequest } from './call-request.js';

/**
 * Calls a function, and resolves when its answer begins. Not by `fetch`, which gives up after five minutes, refuses some
 * methods and adds headers that the function would see.
 */
export async function callFunction(
  server: Server,
  { method, path, headers, body }: CallRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const url = server.url(path);
  const request = (url.startsWith('https:') ? requestHttps : requestHttp)(url, { method, signal });
  for (const [name, value] of Object.entries(server.headers())) request.setHeader(name, value);
  for (const [name, values] of grouped(headers)) request.setHeader(name, values);
  // Said for every method: without it, that of a `GET` is not sent as one.
  if (body !== undefined) request.setHeader('content-length', body.byteLength);
  request.end(body ?? '');
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  } catch (error) {
    throw server.unreachable(error);
  }
}

/** A field that is given twice is sent twice. */
function grouped(headers: CallRequest['headers']): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const field = name.toLowerCase();
    groups.set(field, [...(groups.get(field) ?? []), value]);
  }
  return groups;
}
