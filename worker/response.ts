import type { FailureKind, HeaderValues, ResponseFormat } from '../src/ipc/protocol/messages.js';
import { isBytes, isThenable, type Chunks, chunksIn } from './chunks.js';
import { stringify, tagOf } from './primordials.js';
import { bytesType, renderBody, toJson } from './response-body.js';
import {
  addCookies,
  addMultiValueHeaders,
  headersOf,
  headerValues,
  InvalidResult,
  setTypeUnlessGiven,
} from './response-headers.js';
import { contentOf, headersOfWebResponse, isWebResponse } from './web-content.js';

export interface ResponseRules {
  readonly responseFormat: ResponseFormat;
  readonly maxResultBytes: number;
}

/** What a handler returned, as it is sent: as a response, as a value, or not at all. */
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
      readonly chunks: Chunks;
    }
  | { readonly kind: 'value'; readonly body: Buffer }
  | { readonly kind: 'value-stream'; readonly chunks: Chunks }
  | { readonly kind: Extract<FailureKind, 'invalid-result' | 'result-too-large'>; readonly reason: string };

/**
 * What a handler returned, as a response. Rejects with what the function's own code throws while its answer is read: an
 * error that was returned, a promise that rejects, a getter.
 */
export async function renderResponse(returned: unknown, rules: ResponseRules): Promise<Rendered> {
  const fields = await responseFieldsOf(returned, rules.responseFormat);
  try {
    return await render(fields, rules);
  } catch (error) {
    if (error instanceof InvalidResult) return { kind: 'invalid-result', reason: error.message };
    throw error;
  }
}

async function render(fields: ResponseFields, rules: ResponseRules): Promise<Rendered> {
  const { responseFormat, maxResultBytes } = rules;
  const statusCode = statusOf(fields.statusCode);
  const headers = headersOf(fields.headers);
  addMultiValueHeaders(headers, fields.multiValueHeaders);
  addCookies(headers, fields.cookies);
  const content = await contentOf(fields.body, maxResultBytes);
  if (content.type !== undefined) setTypeUnlessGiven(headers, content.type);
  const chunks = chunksIn(content.body);
  if (chunks) {
    setTypeUnlessGiven(headers, bytesType);
    return { kind: 'stream', statusCode, headers: headerValues(headers), chunks };
  }
  const body = renderBody(content.body, fields.isBase64Encoded === true, headers, responseFormat);
  if (body.length > maxResultBytes) return tooLarge(body.length, maxResultBytes);
  return { kind: 'response', statusCode, headers: headerValues(headers), body };
}

function tooLarge(bytes: number, maxResultBytes: number): Rendered {
  const reason = `The function's response body may have ${maxResultBytes} bytes at most, not ${bytes}.`;
  return { kind: 'result-too-large', reason };
}

/** What a handler returned, as a value: JSON of any kind, `null` for nothing; what comes in chunks is sent as it is. */
export function renderValue(returned: unknown, maxResultBytes: number): Rendered {
  const chunks = chunksIn(returned);
  if (chunks) return { kind: 'value-stream', chunks };
  try {
    const body = toJson(returned ?? null);
    return body.length > maxResultBytes ? tooLarge(body.length, maxResultBytes) : { kind: 'value', body };
  } catch (error) {
    if (error instanceof InvalidResult) return { kind: 'invalid-result', reason: error.message };
    throw error;
  }
}

/** A response as its function wrote it: nothing is checked yet. */
interface ResponseFields {
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  /** Of several values each, as in AWS payload format 1.0. */
  readonly multiValueHeaders?: unknown;
  readonly body?: unknown;
  readonly cookies?: unknown;
  readonly isBase64Encoded?: unknown;
}

const responseKeys = new Set(['statusCode', 'headers', 'body', 'cookies', 'isBase64Encoded']);

/**
 * The status, headers and body in a returned value: those of a web `Response`, or of an object whose keys make it a
 * response; otherwise all of it is the body. Waits for parts that are promises. Rejects with an error that was returned,
 * as if it were thrown.
 */
async function responseFieldsOf(returned: unknown, format: ResponseFormat): Promise<ResponseFields> {
  throwIfError(returned);
  if (isWebResponse(returned)) {
    return { statusCode: returned.status, headers: headersOfWebResponse(returned), body: returned };
  }
  const fields = isResponse(returned, format) ? await settled(returned) : { body: returned };
  throwIfError(fields.body);
  return fields;
}

/**
 * With `lambda` only `statusCode` makes an object a response. With `simple`, so do keys that are all a response's; with
 * one key more it is a value that happens to have a `body`. Undefined members do not count.
 */
function isResponse(returned: unknown, format: ResponseFormat): returned is ResponseFields {
  if (typeof returned !== 'object' || returned === null) return false;
  if (Array.isArray(returned) || isBytes(returned) || chunksIn(returned) !== undefined) return false;
  const fields = returned as Readonly<Record<string, unknown>>;
  if (fields['statusCode'] !== undefined) return true;
  if (format === 'lambda') return false;
  const keys = Object.keys(fields);
  return (
    keys.some((key) => responseKeys.has(key)) &&
    keys.every((key) => responseKeys.has(key) || fields[key] === undefined)
  );
}

/** Every part is read once: the function may have written getters. */
async function settled(returned: ResponseFields): Promise<ResponseFields> {
  const { statusCode, headers, multiValueHeaders, body, cookies, isBase64Encoded } = returned;
  const parts = [statusCode, headers, multiValueHeaders, body, cookies, isBase64Encoded];
  const values = parts.some(isThenable) ? await Promise.all(parts) : parts;
  return {
    ...{ statusCode: values[0], headers: values[1], multiValueHeaders: values[2] },
    ...{ body: values[3], cookies: values[4], isBase64Encoded: values[5] },
  };
}

function throwIfError(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  // The tag knows errors of other realms, such as a test runner's, and `instanceof` those with a tag of their own.
  if (value instanceof Error || tagOf(value) === '[object Error]') throw value as Error;
}

/** Many samples for AWS have the status as text. */
const statusInDigits = /^\d{3}$/;
/** Most characters of a wrong status that are repeated to its author. */
const maxShownLength = 32;

/** The range is checked here as well as by the host, so that the function's author reads one and the same sentence. */
function statusOf(given: unknown): number {
  if (given === undefined) return 200;
  const statusCode = typeof given === 'string' && statusInDigits.test(given) ? Number(given) : given;
  if (isStatus(statusCode)) return statusCode;
  throw new InvalidResult(`The function's status must be an integer from 200 to 599, not ${shown(given)}.`);
}

function isStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 599;
}

function shown(given: unknown): string {
  if (typeof given === 'string') return stringify(given.slice(0, maxShownLength));
  if (typeof given === 'object' && given !== null) return 'an object';
  return typeof given === 'number' || given === null ? String(given) : `a ${typeof given}`;
}
