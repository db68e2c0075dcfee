import type { FailureKind, HeaderValues, ResponseFormat } from '../src/ipc/protocol/messages.js';
import { InvalidResult } from './invalid-result.js';
import { piecesIn, type Pieces } from './pieces.js';
import { stringify } from './primordials.js';
import { bytesType, renderBody } from './response-body.js';
import { responseFieldsOf, type ResponseFields } from './response-fields.js';
import {
  addCookies,
  addMultiValueHeaders,
  headersOf,
  headerValues,
  setTypeUnlessGiven,
} from './response-headers.js';
import { contentOf } from './web-content.js';

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
      readonly pieces: Pieces;
    }
  | { readonly kind: 'value'; readonly body: Buffer }
  | { readonly kind: 'value-stream'; readonly pieces: Pieces }
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
  const pieces = piecesIn(content.body);
  if (pieces) {
    setTypeUnlessGiven(headers, bytesType);
    return { kind: 'stream', statusCode, headers: headerValues(headers), pieces };
  }
  const body = renderBody(content.body, fields.isBase64Encoded === true, headers, responseFormat);
  if (body.length > maxResultBytes) return tooLarge(body.length, maxResultBytes);
  return { kind: 'response', statusCode, headers: headerValues(headers), body };
}

export function tooLarge(bytes: number, maxResultBytes: number): Rendered {
  const reason = `The function's response body may have ${maxResultBytes} bytes at most, not ${bytes}.`;
  return { kind: 'result-too-large', reason };
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
