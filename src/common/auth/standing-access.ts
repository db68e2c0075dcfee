import type { Caller } from './caller.js';
import type { Scope } from './permissions.js';

/**
 * Why somebody who was let in would not be now. `key-needed`: there was no key then. `forbidden`: the key is limited in
 * another way than it was.
 */
export type AccessLoss = 'revoked' | 'expired' | 'key-needed' | 'forbidden';

/** For answers that go on for longer than a key may be good. */
export abstract class StandingAccess {
  /** Takes notice of what was changed, by another program too. Never rejects. */
  abstract refresh(): Promise<void>;
  /** As of the last `refresh`; undefined for a caller who would still be let in. */
  abstract lossOf(caller: Caller, scope: Scope, functionName: string): AccessLoss | undefined;
}
