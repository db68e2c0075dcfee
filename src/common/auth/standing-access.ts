import type { Caller, Scope } from './caller.js';

/**
 * Why a caller who was admitted would be denied now. `signed-out`: the session has ended, and its key has not.
 * `key-needed`: there was no key then. `forbidden`: the key's limits
 * have changed.
 */
export type AccessLoss = 'signed-out' | 'revoked' | 'expired' | 'key-needed' | 'forbidden';

/** Checks callers of answers that may last longer than their keys. */
export abstract class StandingAccess {
  /** Reads changes, including those by other programs. Never rejects. */
  abstract refresh(): Promise<void>;
  /** As of the last `refresh`; undefined if the caller would still be admitted. */
  abstract lossOf(caller: Caller, scope: Scope, functionName: string): AccessLoss | undefined;
}
