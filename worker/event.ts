import { isUtf8 } from 'node:buffer';
import type { HeaderValues, HttpPresentation, InvokeMessage } from '../src/ipc/protocol/messages.js';
import { parseJson } from './primordials.js';

/** The first argument of a handler: the request, which is also a valid AWS function-URL event, payload format 2.0. */
export interface FunctionEvent {
  readonly version: '2.0';
  readonly routeKey: '$default';
  readonly rawPath: string;
  readonly rawQueryString: string;
  /** A name given more than once has its values joined by commas, as on AWS. */
  readonly queryStringParameters: Readonly<Record<string, string>>;
  readonly headers: HeaderValues;
  readonly cookies: readonly string[];
  readonly requestContext: RequestContext;
  /** The text, or base64 where the bytes are not UTF-8. */
  readonly body: string;
  readonly isBase64Encoded: boolean;
  /** The body parsed as JSON. Not enumerable, so that the event can be printed and copied. */
  readonly json: () => Promise<unknown>;
}

export interface RequestContext {
  readonly accountId: 'anonymous';
  readonly apiId: string;
  readonly domainName: string;
  readonly domainPrefix: string;
  readonly http: Readonly<Record<'method' | 'path' | 'protocol' | 'sourceIp' | 'userAgent', string>>;
  readonly requestId: string;
  readonly routeKey: '$default';
  readonly stage: '$default';
  /** As `12/Mar/2020:19:03:58 +0000`. */
  readonly time: string;
  readonly timeEpoch: number;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function createEvent(
  functionName: string,
  message: InvokeMessage,
  request: HttpPresentation,
  body: Buffer,
): FunctionEvent {
  const { headers, rawPath, rawQueryString } = request;
  const isText = isUtf8(body);
  const text = body.toString(isText ? 'utf8' : 'base64');
  const event: FunctionEvent = {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    queryStringParameters: parseQuery(rawQueryString),
    headers,
    cookies: cookiesOf(headers),
    requestContext: requestContextOf(functionName, message, request),
    body: text,
    isBase64Encoded: !isText,
    json: () =>
      new Promise((resolve) => {
        resolve(isText ? parseBody(text) : notText());
      }),
  };
  return Object.defineProperty(event, 'json', { enumerable: false });
}

/** Some programs start UTF-8 with a byte order mark, which a parser of JSON may ignore (RFC 8259, section 8.1). */
const byteOrderMark = '\uFEFF';

function parseBody(text: string): unknown {
  const json = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  if (json === '') throw new SyntaxError('The request has no body, so there is no JSON in it.');
  // UTF-16 of ASCII is valid UTF-8 with a zero byte in each pair; the parser's own words would not say so.
  if (json.includes('\0')) return notText();
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new SyntaxError(`The request's body is not valid JSON: ${(error as Error).message}`);
  }
}

function notText(): never {
  throw new SyntaxError("The request's body is not valid JSON: it is not UTF-8 text; send it as UTF-8.");
}

function requestContextOf(
  functionName: string,
  { invocationId, timeEpoch }: InvokeMessage,
  { headers, method, rawPath, protocol, sourceIp }: HttpPresentation,
): RequestContext {
  // The name that the client used, which differs from the server's behind a proxy; the server sets this header.
  const domainName = firstOf(headers['x-forwarded-host'] ?? headers['host']);
  return {
    accountId: 'anonymous',
    apiId: functionName,
    domainName,
    domainPrefix: functionName,
    http: { method, path: rawPath, protocol, sourceIp, userAgent: firstOf(headers['user-agent']) },
    requestId: invocationId,
    routeKey: '$default',
    stage: '$default',
    time: commonLogTime(timeEpoch),
    timeEpoch,
  };
}

/** `fromEntries`, because a parameter may be called `__proto__`. */
function parseQuery(rawQueryString: string): Record<string, string> {
  if (rawQueryString === '') return {};
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const earlier = values.get(name);
    values.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return Object.fromEntries(values);
}

function cookiesOf(headers: HeaderValues): string[] {
  const cookie = headers['cookie'];
  if (cookie === undefined) return [];
  const text = typeof cookie === 'string' ? cookie : cookie.join('; ');
  return text.split('; ').filter((pair) => pair !== '');
}

function firstOf(value: string | readonly string[] | undefined): string {
  return (typeof value === 'string' ? value : value?.[0]) ?? '';
}

let lastTime = { second: NaN, text: '' };

/** Kept, because a function that is called often is called more than once a second. */
function commonLogTime(timeEpoch: number): string {
  const second = Math.floor(timeEpoch / 1000);
  if (lastTime.second !== second) {
    const iso = new Date(timeEpoch).toISOString();
    const month = months[Number(iso.slice(5, 7)) - 1] ?? '';
    const text = `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
    lastTime = { second, text };
  }
  return lastTime.text;
}

/** The event of a payload that is presented as it is: any JSON. No payload is an empty object, as on AWS. */
export function parsePayload(payload: Buffer): unknown {
  if (payload.length === 0) return {};
  if (!isUtf8(payload)) throw new SyntaxError('The payload is not valid JSON: it is not UTF-8 text.');
  try {
    return parseJson(payload.toString('utf8'));
  } catch (error) {
    throw new SyntaxError(`The payload is not valid JSON: ${(error as Error).message}`);
  }
}
