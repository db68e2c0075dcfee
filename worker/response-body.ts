import type { ResponseFormat } from '../src/ipc/protocol/messages.js';
import { isBytes, viewOf } from './chunks.js';
import { type Headers, InvalidResult, setTypeUnlessGiven } from './response-headers.js';
import { bytesFrom, parseJson, stringify } from './primordials.js';

export const bytesType = 'application/octet-stream';
const jsonType = 'application/json';
const nothing = Buffer.alloc(0);

const notSerialisable =
  'The function returned something that cannot be sent as JSON: a cycle, a BigInt, a function, a symbol, or a part that throws.';

/** A body that is all there, as bytes; sets the content type that goes with them where the handler set none. */
export function renderBody(
  body: unknown,
  isBase64: boolean,
  headers: Headers,
  format: ResponseFormat,
): Buffer {
  if (body === undefined) return nothing;
  if (typeof body === 'string') return renderText(body, isBase64, headers, format);
  if (typeof body === 'object' && body !== null && isBytes(body)) {
    setTypeUnlessGiven(headers, bytesType);
    return viewOf(body);
  }
  setTypeUnlessGiven(headers, jsonType);
  return toJson(body);
}

/**
 * With `simple` a text is JSON too, in quotes, unless the handler set a content type or it already is the JSON of an object
 * or an array. With `lambda` it is sent as it is.
 */
function renderText(body: string, isBase64: boolean, headers: Headers, format: ResponseFormat): Buffer {
  if (isBase64) {
    setTypeUnlessGiven(headers, format === 'lambda' ? jsonType : bytesType);
    return bytesFrom(body, 'base64');
  }
  const isSentAsItIs = headers.has('content-type') || format === 'lambda' || isJsonText(body);
  setTypeUnlessGiven(headers, jsonType);
  return isSentAsItIs ? bytesFrom(body, 'utf8') : toJson(body);
}

/** The brackets come first, so that long texts of another kind are not parsed. */
function isJsonText(text: string): boolean {
  const trimmed = text.trim();
  const brackets = `${trimmed.charAt(0)}${trimmed.slice(-1)}`;
  if (brackets !== '{}' && brackets !== '[]') return false;
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

/** Throws `InvalidResult` for what JSON cannot carry. */
export function toJson(value: unknown): Buffer {
  const json = attemptJson(value);
  if (json === undefined) throw new InvalidResult(notSerialisable);
  return bytesFrom(json, 'utf8');
}

/** The types promise a string; functions, symbols and a `toJSON` that returns nothing or throws break that promise. */
function attemptJson(value: unknown): string | undefined {
  try {
    return stringify(value);
  } catch {
    return undefined;
  }
}
