import type { ResponseFormat } from '../src/ipc/protocol/messages.js';
import { isBytes } from './bytes.js';
import { piecesIn } from './pieces.js';
import { tagOf } from './primordials.js';
import { isThenable } from './thenable.js';
import { headersOfWebResponse, isWebResponse } from './web-content.js';

/** A response as its function wrote it: nothing is checked yet. */
export interface ResponseFields {
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
 * What of a returned value is status, headers and body: a web `Response`, an object that is a response by its keys, or
 * else all of it the body. Waits for parts that are promises. Rejects with an error that was returned, as if thrown.
 */
export async function responseFieldsOf(returned: unknown, format: ResponseFormat): Promise<ResponseFields> {
  throwIfError(returned);
  if (isWebResponse(returned)) {
    return { statusCode: returned.status, headers: headersOfWebResponse(returned), body: returned };
  }
  const fields = isResponse(returned, format) ? await settled(returned) : { body: returned };
  throwIfError(fields.body);
  return fields;
}

/**
 * With `lambda` only `statusCode` makes an object a response. With `simple` keys that are all a response's do so, too;
 * one key more, and it is a value that happens to have a `body`. What is undefined is as good as not there.
 */
function isResponse(returned: unknown, format: ResponseFormat): returned is ResponseFields {
  if (typeof returned !== 'object' || returned === null) return false;
  if (Array.isArray(returned) || isBytes(returned) || piecesIn(returned) !== undefined) return false;
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
