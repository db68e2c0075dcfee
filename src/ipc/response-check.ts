import { validateHeaderName, validateHeaderValue } from 'node:http';
import { setsSession } from '../common/auth/session-cookie.js';
import { invalidResponse, responseTooLarge } from './function-errors.js';
import type { HeaderValues, ResultMessage } from './protocol/messages.js';
import type { ResponseStream } from './response-stream.js';

/** Framing, hop-by-hop and identity are the server's: a function's `content-length: 5` would desynchronise a proxy. */
const serversOwn = [
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'server',
  'date',
  'via',
  'traceparent',
];

/** A reverse proxy in front takes these as orders from the server behind it: to send a file of its own, say. */
const ordersToProxies = [
  'x-sendfile',
  'x-lighttpd-send-file',
  'x-lighttpd-send-tempfile',
  'surrogate-control',
];

/**
 * A browser obeys these for the whole origin, which a function shares with all others and with the management API: to
 * put a service worker in front of them, to forget their cookies and storage, to reach them elsewhere or by HTTPS only,
 * to tell a stranger of their errors, to send more about the visitor to all of them.
 */
const ordersToBrowsers = [
  'service-worker-allowed',
  'clear-site-data',
  'alt-svc',
  'strict-transport-security',
  'public-key-pins',
  'expect-ct',
  'nel',
  'report-to',
  'origin-agent-cluster',
  'accept-ch',
  'critical-ch',
];

/** The same, of a session that the browser has to renew at a page of the function before it reaches any other. */
const ordersOfSessions = ['secure-session-', 'sec-session-'];

const withheld = new Set([...serversOwn, ...ordersToProxies, ...ordersToBrowsers]);

/** `x-accel-` are nginx's orders, `x-reproxy-` are Perlbal's. */
const withheldPrefixes = ['proxy-', 'x-glambdar-', 'x-accel-', 'x-reproxy-', ...ordersOfSessions];

/** Whether a header of a function's response does not reach the client; `name` in lower case. */
function isWithheld(name: string): boolean {
  return withheld.has(name) || withheldPrefixes.some((prefix) => name.startsWith(prefix));
}

/** A response's head that HTTP can carry: its status, its headers without the server's own. */
export interface ResponseHead {
  readonly statusCode: number;
  /** Lower-case names. */
  readonly headers: HeaderValues;
  /** The length of the body as the function states it; it matters only for HEAD, where no body is sent. */
  readonly claimedBytes: number | undefined;
}

/** What a worker answered with. */
export interface WorkerResult {
  /** The head of the answer to an HTTP request; a value has none. */
  readonly head: ResponseHead | undefined;
  readonly body: Buffer;
  /** The body in place of `body`, when it is streamed. */
  readonly stream: ResponseStream | undefined;
}

export type StreamedResult = WorkerResult & { readonly stream: ResponseStream };

export function isStreamed(result: WorkerResult): result is StreamedResult {
  return result.stream !== undefined;
}

export interface ResponseLimits {
  readonly maxResultBytes: number;
  readonly maxStreamBytes: number;
  readonly maxResponseHeaders: number;
  readonly maxResponseHeaderBytes: number;
  readonly maxResponseHeadersBytes: number;
}

const statusesWithoutBody = new Set([204, 205, 304]);
const noBody = Buffer.alloc(0);
/** Most characters of a header's name that the error repeats. */
const maxShownLength = 64;

/**
 * The host's own check of a result; the worker's cannot be trusted. Throws `FUNCTION_INVALID_RESPONSE` for a status or
 * header that HTTP cannot carry or that is over a limit, `FUNCTION_RESPONSE_TOO_LARGE` for the body.
 */
export function checkResponse(result: ResultMessage, body: Buffer, limits: ResponseLimits): WorkerResult {
  const { statusCode } = result;
  // 1xx would leave the client waiting for a final status, and 101 would turn the connection over to it.
  if (!Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599) {
    throw invalidResponse(
      `The function's status must be an integer from 200 to 599, not ${statusCode}.`,
      'status',
    );
  }
  requireShort(body, limits);
  const hasBody = !statusesWithoutBody.has(statusCode);
  if (result.streams === true && !hasBody) {
    throw invalidResponse(`A response of status ${statusCode} has no body; do not stream one.`, 'status');
  }
  const claimedBytes = lengthIn(result.headers['content-length']);
  const headers = checkHeaders(result.headers, limits);
  return { head: { statusCode, headers, claimedBytes }, body: hasBody ? body : noBody, stream: undefined };
}

/** The same for a value; its reader finds out whether it is JSON. Throws `FUNCTION_RESPONSE_TOO_LARGE`. */
export function checkValue(body: Buffer, limits: ResponseLimits): WorkerResult {
  requireShort(body, limits);
  return { head: undefined, body, stream: undefined };
}

function requireShort(body: Buffer, { maxResultBytes }: ResponseLimits): void {
  if (body.length > maxResultBytes) throw responseTooLarge(maxResultBytes);
}

function lengthIn(claim: string | readonly string[] | undefined): number | undefined {
  return typeof claim === 'string' && /^\d{1,15}$/.test(claim) ? Number(claim) : undefined;
}

function checkHeaders(headers: HeaderValues, limits: ResponseLimits): HeaderValues {
  const budget = { lines: 0, bytes: 0 };
  const dropped = new Set<string>();
  const checked: [string, string | readonly string[]][] = [];
  for (const [givenName, value] of Object.entries(headers)) {
    const name = givenName.toLowerCase();
    const lines = typeof value === 'string' ? [value] : value;
    // A header of no value is never sent, but a name that is wrong is the function's mistake all the same.
    if (lines.length === 0) checkLine(name, '', limits);
    for (const line of lines) {
      checkLine(name, line, limits);
      budget.lines += 1;
      budget.bytes += name.length + line.length;
      if (name === 'connection') namesIn(line).forEach((listed) => dropped.add(listed));
    }
    if (budget.lines > limits.maxResponseHeaders || budget.bytes > limits.maxResponseHeadersBytes) {
      throw invalidResponse(
        `The function's headers may be ${limits.maxResponseHeaders} lines of ${limits.maxResponseHeadersBytes} bytes in all; send less.`,
        'headers-too-large',
      );
    }
    const sent = name === 'set-cookie' ? lines.filter((line) => !setsSession(line)) : value;
    if (sent.length > 0 && !isWithheld(name)) checked.push([name, sent]);
  }
  // `fromEntries`, because a header may be called `__proto__`.
  return Object.fromEntries(dropped.size === 0 ? checked : checked.filter(([name]) => !dropped.has(name)));
}

function checkLine(name: string, line: string, { maxResponseHeaderBytes }: ResponseLimits): void {
  // Valid names and values are Latin-1, one byte per character, so lengths are bytes.
  if (name.length + line.length > maxResponseHeaderBytes) {
    throw invalidResponse(
      `A header of the function may have ${maxResponseHeaderBytes} bytes at most; send less.`,
      'headers-too-large',
    );
  }
  if (!passes(validateHeaderName, name)) {
    throw invalidResponse(
      'The function set a header whose name HTTP cannot carry; letters, digits and "-" are safe.',
      'header',
    );
  }
  if (!passes(validateHeaderValue, name, line)) {
    // A name that has passed is one word, which can be shown in a sentence.
    throw invalidResponse(
      `The function's header "${name.slice(0, maxShownLength)}" has a value that HTTP cannot carry: no line break, and no character beyond Latin-1.`,
      'header',
    );
  }
}

function passes<Given extends readonly unknown[]>(
  validate: (...given: Given) => void,
  ...given: Given
): boolean {
  try {
    validate(...given);
    return true;
  } catch {
    return false;
  }
}

function namesIn(connection: string): string[] {
  return connection.split(',').map((name) => name.trim().toLowerCase());
}
