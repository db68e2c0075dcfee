import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { callerOf } from '../../common/auth/caller.js';
import { malformed } from '../../common/input/read-fields.js';

/** A structured field's string (RFC 8941, section 3.3.3), as the draft of the header has it, and parameters, which mean nothing. */
const quotedKey = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"(?: *;[\x20-\x7e]*)?$/;

/** As most services take it: without quotes, and so without what would end it. */
const bareKey = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x7e]+$/;

const orderingKey = /^[\x20-\x7e]{1,255}$/;

const mostCharacters = 255;

type WithHeaders = Pick<IncomingMessage, 'headersDistinct'>;

/**
 * The key in `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header); undefined without the header. In quotes or not, it is the
 * same key. Throws `MALFORMED_REQUEST`.
 */
export function idempotencyKeyOf(request: WithHeaders): string | undefined {
  const header = once(request, 'Idempotency-Key');
  if (header === undefined) return undefined;
  const key = quotedKey.exec(header)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? bareKey.exec(header)?.[0] ?? '';
  if (key.length >= 1 && key.length <= mostCharacters) return key;
  const rule = `must be 1 to ${mostCharacters} printable ASCII characters, in quotes, or without quotes and spaces`;
  throw malformed('Idempotency-Key', `Idempotency-Key ${rule}`);
}

/** Events of one key run one after another; undefined without the header `X-Ordering-Key`. Throws `MALFORMED_REQUEST`. */
export function orderingKeyOf(request: WithHeaders): string | undefined {
  const key = once(request, 'X-Ordering-Key');
  if (key === undefined || orderingKey.test(key)) return key;
  throw malformed('X-Ordering-Key', 'X-Ordering-Key must be 1 to 255 printable ASCII characters');
}

/** Nobody could tell which of two is meant: Node would join them to one that nobody has sent. */
function once(request: WithHeaders, name: string): string | undefined {
  const [header, second] = request.headersDistinct[name.toLowerCase()] ?? [];
  if (second !== undefined) throw malformed(name, `${name} must be given once`);
  return header;
}

/**
 * Who sent a request, as far as its `Idempotency-Key` goes: the holder of the key that came along, or a stranger. Of strangers nobody gets what
 * another was answered, so they are told apart by all that a function usually tells them apart by: address and credentials.
 */
export function senderOf(request: IncomingMessage): string {
  const { keyId, address } = callerOf(request);
  if (keyId !== undefined) return keyId;
  const { authorization = '', cookie = '' } = request.headers;
  const shown = JSON.stringify([address, authorization, cookie]);
  return `stranger ${createHash('sha256').update(shown).digest('hex')}`;
}

/** What makes a request the same as another. */
interface KeyedContent {
  readonly method: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
}

/** SHA-256, hexadecimal. Each part ends with what none of them contains, so that nothing can move from one to the next. */
export function fingerprintOf({ method, rawPath, rawQueryString, contentType, body }: KeyedContent): string {
  const head = [method, rawPath, rawQueryString, contentType ?? ''].join('\n');
  return createHash('sha256').update(`${head}\n`).update(body).digest('hex');
}
