import { hash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A key as its owner has it: `glb_<id>_<secret>`. The lengths are fixed, because a secret may hold `_` itself. */
const keyPattern = /^glb_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/i;

const bearerPattern = /^Bearer +(.*)$/i;

const idBytes = 6;
const secretBytes = 32;

export interface MintedKey {
  readonly id: string;
  /** The only time that the secret is seen. */
  readonly text: string;
  readonly secretHash: Buffer;
}

export function mintKey(): MintedKey {
  const id = randomBytes(idBytes).toString('hex');
  const secret = randomBytes(secretBytes).toString('base64url');
  return { id, text: `glb_${id}_${secret}`, secretHash: hashOf(secret) };
}

export interface ShownKey {
  readonly id: string;
  readonly secretHash: Buffer;
}

/**
 * What a request shows in the place of a key, be it one or not; undefined where it shows nothing. `X-Glambdar-Key`
 * decides, so that `Authorization` may hold what is meant for the function.
 */
export function credentialIn(headers: IncomingHttpHeaders): string | undefined {
  const own = headers['x-glambdar-key'];
  if (own !== undefined) return String(own);
  const { authorization } = headers;
  return authorization === undefined ? undefined : (bearerPattern.exec(authorization)?.[1] ?? '');
}

/** Undefined for a text that is not one of our keys. */
export function shownKey(text: string): ShownKey | undefined {
  const [, id, secret] = keyPattern.exec(text) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  return { id: id.toLowerCase(), secretHash: hashOf(secret) };
}

function hashOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
