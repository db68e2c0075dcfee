import type { IncomingMessage } from 'node:http';
import type { HeaderField } from './call-request.js';

export const callIdHeader = 'x-glambdar-invocation-id';

/** The head of an answer, with its fields in their order. */
export function headerFields({ rawHeaders }: IncomingMessage): HeaderField[] {
  return rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as const] : []));
}

/** A problem of the server about this call; a function that answers one of its own has answered. */
export function isServersProblem({ statusCode = 0, headers }: IncomingMessage, body: unknown): boolean {
  if (statusCode < 400 || headers['content-type']?.startsWith('application/problem+json') !== true)
    return false;
  const { type, code, invocationId } = (body ?? {}) as Partial<Record<string, unknown>>;
  if (typeof code !== 'string' || typeof type !== 'string' || !type.startsWith('urn:glambdar:error:'))
    return false;
  return invocationId === undefined || invocationId === headers[callIdHeader];
}
