import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { InvocationTimings, InvocationTrace } from '../../invocation/invocation.js';
import type { HeaderValues } from '../../ipc/protocol/messages.js';
import type { ResponseHead } from '../../ipc/response-check.js';
import type { StreamedResult, WorkerResult } from '../../ipc/worker-session.js';
import { withCors } from './cors.js';

/** What the server adds to what a function answers. */
export interface ServersPart {
  readonly trace: InvocationTrace;
  /** Takes the place of the function's headers of the same names. */
  readonly policyOf: (head: ResponseHead) => HeaderValues;
  /** Where the server says which pages may read the answer; null where the function does. */
  readonly cors: Readonly<Record<string, string>> | null;
}

/** What every answer to a call says of the call itself, whether it went well or not. */
export function callHeaders({ identity }: InvocationTrace): Record<string, string> {
  return { 'X-Glambdar-Invocation-Id': identity.invocationId, traceparent: identity.traceparent };
}

/** The timings as a `Server-Timing` value (https://www.w3.org/TR/server-timing/). */
export function serverTiming({ queueMs, containerMs, origin, handlerMs }: InvocationTimings): string {
  const metrics: string[] = [];
  if (queueMs !== undefined) metrics.push(`queue;dur=${rounded(queueMs)}`);
  if (containerMs !== undefined) {
    const how = origin === undefined ? '' : `;desc="${origin}"`;
    metrics.push(`container${how};dur=${rounded(containerMs)}`);
  }
  if (handlerMs !== undefined) metrics.push(`handler;dur=${rounded(handlerMs)}`);
  return metrics.join(', ');
}

/** To a hundredth of a millisecond; `toFixed` takes several times as long. */
function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** Sends an answer that is all there. */
export function sendBuffered(response: ServerResponse, result: WorkerResult, part: ServersPart): void {
  const head = headOf(result);
  const bytes = lengthOf(response, head, result.body);
  begin(response, head, part, bytes === undefined ? {} : { 'Content-Length': bytes });
  endWith(response, result.body);
}

/**
 * Sends the head of a streamed answer at once and its body as it comes, no faster than the client reads; the timings
 * in it end at the first byte, for nothing can be added to a head that was sent. Resolves when all is handed over. Where the body
 * fails, or the client leaves, it rejects and the connection is closed: nothing else tells a client that half an answer
 * is not the whole.
 */
export function sendStreamed(
  response: ServerResponse,
  result: StreamedResult,
  part: ServersPart,
  through: readonly Transform[] = [],
): Promise<void> {
  begin(response, headOf(result), part, {});
  response.flushHeaders();
  return pipeline([result.stream, ...through, response]);
}

/** Statuses whose answers have no body, and so no length of one (RFC 9110, section 8.6). */
const statusesWithoutLength = new Set([204, 304]);

/**
 * To HEAD no body is sent, and the length is that of the answer to GET: of the body that a function returned all the
 * same, or what one that minds the method says it would be; unknown where it says nothing.
 */
function lengthOf(
  response: ServerResponse,
  { statusCode, claimedBytes }: ResponseHead,
  body: Buffer,
): number | undefined {
  if (response.req.method === 'HEAD') return body.length > 0 ? body.length : claimedBytes;
  return statusesWithoutLength.has(statusCode) ? undefined : body.length;
}

/** Up to this size a body is one string with the headers, and so one plain write; above it copying costs more. */
const joinedBodyBytes = 16 * 1024;

/** Latin-1 has one character for each byte: the bytes leave as they came. */
function endWith(response: ServerResponse, body: Buffer): void {
  if (body.length <= joinedBodyBytes) response.end(body.toString('latin1'), 'latin1');
  else response.end(body);
}

/** Writes the head in one go, which takes Node less than half as long as header by header. */
function begin(
  response: ServerResponse,
  head: ResponseHead,
  { trace, policyOf, cors }: ServersPart,
  length: OutgoingHttpHeaders,
): void {
  const { statusCode, headers } = head;
  response.writeHead(statusCode, {
    ...callHeaders(trace),
    // In lower case, so that a function's own takes its place.
    'server-timing': serverTiming(trace.timings),
    ...((cors ? withCors(headers, cors) : headers) as OutgoingHttpHeaders),
    // Not the function's to lift: a browser would look for a page in any body.
    'x-content-type-options': 'nosniff',
    ...(policyOf(head) as OutgoingHttpHeaders),
    ...length,
  });
}

/** A request is answered with a response: the session holds its worker to that. */
function headOf({ head }: WorkerResult): ResponseHead {
  if (!head) throw new Error('The answer to a request has no head.');
  return head;
}

/** What most calls are answered with, so that nothing is looked for in it. */
const usualType = 'application/json';

/**
 * Types in which no browser runs a script, whatever else it makes of them; for PDF it does so apart from the page's origin, and
 * would show nothing in a sandbox. A comma may part two types of which a browser takes the last.
 */
const withoutScripts =
  /^(?:application\/(?:[\w.-]+\+)?(?:json|javascript|octet-stream|pdf|wasm|zip)|text\/(?:plain|css|csv|javascript|markdown|event-stream)|image\/(?:png|jpe?g|gif|webp|avif|x-icon)|(?:audio|video|font)\/[\w.-]+) *(?:;[^,]*)?$/i;

/** All that a page may do but to be of the server's origin: the reach of its scripts ends at the page. */
const sandbox =
  'sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads allow-pointer-lock allow-presentation';

/** What is shown then is what the browser has kept, under the policies of this answer (RFC 9111, section 3.2). */
const notModified = 304;

const none: HeaderValues = {};

/** For operators who trust all functions with their pages. */
export function withoutSandbox(): HeaderValues {
  return none;
}

/**
 * A function's page has the same origin as the dashboard and the management API, whose powers its scripts would share; so the
 * browser is made to give it an origin of its own (https://www.w3.org/TR/CSP3/#directive-sandbox). What is not known to run
 * no scripts is taken for a page: browsers know more kinds of them than we do. Several policies all hold, so the function's
 * own stays.
 */
export function sandboxOf({
  statusCode,
  headers,
}: Pick<ResponseHead, 'statusCode' | 'headers'>): HeaderValues {
  const type = headers['content-type'];
  const isHarmless = type === usualType || (typeof type === 'string' && withoutScripts.test(type));
  if (isHarmless && statusCode !== notModified) return none;
  const own = headers['content-security-policy'] ?? [];
  return { 'content-security-policy': [...(typeof own === 'string' ? [own] : own), sandbox] };
}
