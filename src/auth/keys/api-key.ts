import { hash, randomBytes } from 'node:crypto';
import { everyFunction, type Principal, reachOf, type Scope } from '../../common/auth/caller.js';

/** A key as it is kept: everything but its secret. */
export interface ApiKey {
  /** Twelve hexadecimal digits; part of the key, and no secret. */
  readonly id: string;
  /** What its owner calls it. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Patterns of the functions' names that it is limited to; null: every function, and the server itself. */
  readonly functions: readonly string[] | null;
  /** SHA-256 of the secret. The secret is 256 random bits, so a slow hash would protect it no better. */
  readonly secretHash: Buffer;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** The last day it was used on, in UTC, e.g. `2026-01-31`. */
  readonly lastUsedOn: string | null;
}

/** Whether the key opens anything at this moment. */
export function isValid({ revokedAt, expiresAt }: ApiKey, now: Date): boolean {
  return revokedAt === null && (expiresAt === null || now < expiresAt);
}

/** A key as its owner has it: `glb_<id>_<secret>`. The lengths are fixed, because a secret may hold `_` itself. */
const keyPattern = /^glb_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/i;

const idBytes = 6;
const secretBytes = 32;

interface MintedKey {
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

interface ShownKey {
  readonly id: string;
  readonly secretHash: Buffer;
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

/** A key as it is held in memory, with what every call asks of it prepared. */
export interface HeldKey {
  readonly key: ApiKey;
  /** Who shows it. */
  readonly principal: Principal;
}

export function holdKey(key: ApiKey): HeldKey {
  const { id: keyId, scopes, functions } = key;
  return {
    key,
    principal: { keyId, scopes, reach: functions === null ? everyFunction : reachOf(functions) },
  };
}
