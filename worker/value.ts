import { isUtf8 } from 'node:buffer';
import { InvalidResult } from './invalid-result.js';
import { piecesIn } from './pieces.js';
import { parseJson } from './primordials.js';
import { toJson } from './response-body.js';
import { tooLarge, type Rendered } from './response.js';

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

/** What a handler returned, as a value: JSON of any kind, `null` for nothing; what comes in pieces is sent as it is. */
export function renderValue(returned: unknown, maxResultBytes: number): Rendered {
  const pieces = piecesIn(returned);
  if (pieces) return { kind: 'value-stream', pieces };
  try {
    const body = toJson(returned ?? null);
    return body.length > maxResultBytes ? tooLarge(body.length, maxResultBytes) : { kind: 'value', body };
  } catch (error) {
    if (error instanceof InvalidResult) return { kind: 'invalid-result', reason: error.message };
    throw error;
  }
}
