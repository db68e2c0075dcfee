import { everyFunction, type Principal, reachOf, type Scope } from '../../common/auth/caller.js';
import { TokenKind } from './secret-token.js';

/** A key as it is kept: everything but its secret. */
export interface ApiKey {
  /** Twelve hexadecimal digits; part of the key, and no secret. */
  readonly id: string;
  /** What its owner calls it. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Patterns of the functions' names that it is limited to; null: every function, and the server itself. */
  readonly functions: readonly string[] | null;
  /** SHA-256 of the secret. */
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

/** A key as its owner has it: `glb_<id>_<secret>`. */
export const keyTokens = new TokenKind('glb');

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
