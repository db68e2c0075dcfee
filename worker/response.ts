import type { FailureKind, HeaderValues, ResponseFormat } from '../src/ipc/protocol/messages.js';
import { isBytes, viewOf } from './bytes.js';
import { piecesIn, type Pieces } from './pieces.js';
import { bytesFrom, stringify } from './primordials.js';

export interface ResponseRules {
  readonly responseFormat: ResponseFormat;
  readonly maxResultBytes: number;
}

export type Rendered =
  | {
      readonly kind: 'response';
      readonly statusCode: number;
      readonly headers: HeaderValues;
      readonly body: Buffer;
    }
  | {
      readonly kind: 'stream';
      readonly statusCode: number;
      readonly headers: HeaderValues;
      readonly pieces: Pieces;
    }
  | { readonly kind: Extract<FailureKind, 'invalid-result' | 'result-too-large'>; readonly reason: string };

/** What the handler returned breaks a rule; the message says which. */
class InvalidResult extends Error {}

type Headers = Map<string, string | string[]>;
type Fields = Readonly<Record<string, unknown>>;

const jsonType = 'application/json';
const bytesType = 'application/octet-stream';
const nothing = Buffer.alloc(0);

/**
 * What a handler returned, as a response. Never throws: getters, proxies and `toJSON` of the function run in here.
 *
 * `seed`: an object with `statusCode`, `headers` or `body` is the response, anything else the body of a 200; a string
 * body is JSON too, unless the handler set a content type. `lambda`: only `statusCode` makes an object the response,
 * and a string body is sent as it is.
 */
export function renderResponse(returned: unknown, rules: ResponseRules): Rendered {
  try {
    return render(returned, rules);
  } catch (error) {
    const reason = error instanceof InvalidResult ? error.message : notSerialisable;
    return { kind: 'invalid-result', reason };
  }
}

const notSerialisable =
  'The function returned something that cannot be sent as JSON: a cycle, a BigInt, a function, a symbol, or a part that throws.';

function render(returned: unknown, rules: ResponseRules): Rendered {
  const fields = isResponse(returned, rules.responseFormat) ? returned : { body: returned };
  const statusCode = statusOf(fields['statusCode']);
  const headers = headersOf(fields['headers']);
  addCookies(headers, fields['cookies']);
  const pieces = piecesIn(fields['body']);
  if (pieces) {
    setTypeUnlessGiven(headers, bytesType);
    return { kind: 'stream', statusCode, headers: Object.fromEntries(headers), pieces };
  }
  const body = renderBody(fields['body'], fields['isBase64Encoded'] === true, headers, rules.responseFormat);
  if (body.length > rules.maxResultBytes) {
    const reason = `The function's response body may have ${rules.maxResultBytes} bytes at most, not ${body.length}.`;
    return { kind: 'result-too-large', reason };
  }
  return { kind: 'response', statusCode, headers: Object.fromEntries(headers), body };
}

function isResponse(returned: unknown, format: ResponseFormat): returned is Fields {
  if (typeof returned !== 'object' || returned === null) return false;
  if (Array.isArray(returned) || isBytes(returned) || piecesIn(returned)) return false;
  if ('statusCode' in returned) return true;
  return format === 'seed' && ('headers' in returned || 'body' in returned);
}

/** The range is checked here as well as by the host, so that the function's author reads one and the same sentence. */
function statusOf(statusCode: unknown): number {
  if (statusCode === undefined) return 200;
  if (
    typeof statusCode === 'number' &&
    Number.isInteger(statusCode) &&
    statusCode >= 200 &&
    statusCode <= 599
  ) {
    return statusCode;
  }
  const given = typeof statusCode === 'number' ? String(statusCode) : `a ${typeof statusCode}`;
  throw new InvalidResult(`The function's status must be an integer from 200 to 599, not ${given}.`);
}

function headersOf(given: unknown): Headers {
  const headers: Headers = new Map();
  if (given === undefined || given === null) return headers;
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw new InvalidResult("The function's headers must be an object of names and values.");
  }
  // A `Headers` or a `Map` gives its entries itself. (Naming the class would load all of fetch: 40 ms of a first call.)
  const entries =
    Symbol.iterator in given ? [...(given as Iterable<[unknown, unknown]>)] : Object.entries(given);
  for (const [name, value] of entries) {
    headers.set(String(name).toLowerCase(), Array.isArray(value) ? value.map(headerLine) : headerLine(value));
  }
  return headers;
}

function headerLine(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new InvalidResult('A header of the function must be a string or an array of strings.');
}

function addCookies(headers: Headers, cookies: unknown): void {
  if (cookies === undefined || cookies === null) return;
  if (!Array.isArray(cookies) || !cookies.every((cookie): cookie is string => typeof cookie === 'string')) {
    throw new InvalidResult("The function's cookies must be an array of strings.");
  }
  if (cookies.length === 0) return;
  const earlier = headers.get('set-cookie') ?? [];
  headers.set('set-cookie', [...(typeof earlier === 'string' ? [earlier] : earlier), ...cookies]);
}

function renderBody(body: unknown, isBase64: boolean, headers: Headers, format: ResponseFormat): Buffer {
  if (body === undefined) return nothing;
  if (typeof body === 'string') return renderText(body, isBase64, headers, format);
  if (typeof body === 'object' && body !== null && isBytes(body)) {
    setTypeUnlessGiven(headers, bytesType);
    return viewOf(body);
  }
  setTypeUnlessGiven(headers, jsonType);
  return toJson(body);
}

function renderText(body: string, isBase64: boolean, headers: Headers, format: ResponseFormat): Buffer {
  const hasOwnType = headers.has('content-type');
  if (isBase64) {
    setTypeUnlessGiven(headers, format === 'lambda' ? jsonType : bytesType);
    return bytesFrom(body, 'base64');
  }
  setTypeUnlessGiven(headers, jsonType);
  return hasOwnType || format === 'lambda' ? bytesFrom(body, 'utf8') : toJson(body);
}

function toJson(value: unknown): Buffer {
  // The types promise a string; functions, symbols and a `toJSON` that returns nothing break that promise.
  const json = stringify(value) as string | undefined;
  if (json === undefined) throw new InvalidResult(notSerialisable);
  return bytesFrom(json, 'utf8');
}

function setTypeUnlessGiven(headers: Headers, type: string): void {
  if (!headers.has('content-type')) headers.set('content-type', type);
}
