import type { Caller } from '../common/auth/caller.js';
import { grants } from '../common/auth/permissions.js';

/** Who changes a function, as far as that decides what may be changed, and when. */
export interface Changer {
  /** Undefined where no key was needed. */
  readonly keyId: string | undefined;
  /** Whether a function may be given more than its share. */
  readonly mayExceedShares: boolean;
}

/** A part of the server itself, which keeps to the rules of everybody. */
export const nobodyInParticular: Changer = { keyId: undefined, mayExceedShares: false };

export function changerOf({ keyId, scopes }: Caller): Changer {
  return { keyId, mayExceedShares: grants(scopes, 'admin') };
}
