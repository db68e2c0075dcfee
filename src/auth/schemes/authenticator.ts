import type { IncomingMessage } from 'node:http';
import type { Principal } from '../../common/auth/caller.js';
import type { Scope } from '../../common/auth/permissions.js';

/** Why a client is asked to authenticate: it has shown nothing, nothing valid, or too little. */
export type ChallengeReason =
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'insufficient-scope'; readonly scope: Scope };

/** A credential that its scheme knows and does not take. Made once: whoever guesses decides how often it is given. */
export class RefusedCredential {
  /** The sentence that answers it. It tells whoever guesses nothing of what is nearly right. */
  constructor(readonly message: string) {}
}

/**
 * One way for a request to show who sends it, such as a bearer's key. It says who that is and never what they may do
 * here: that is `authorization.ts`, which does not know by which scheme anybody came.
 */
export abstract class Authenticator {
  /** Its name in `WWW-Authenticate` (RFC 9110, section 11.1). */
  abstract readonly scheme: string;

  /** Tells a client that has shown nothing what to show, as a sentence. */
  abstract readonly instruction: string;

  /** What follows the name in the challenge of `WWW-Authenticate`; empty for nothing. */
  abstract challengeParameters(reason: ChallengeReason): string;

  /**
   * Undefined where the request shows nothing of this scheme: then the next one is asked. Answers at once and from
   * memory, because every call asks.
   */
  abstract authenticate(request: IncomingMessage): Principal | RefusedCredential | undefined;

  challenge(reason: ChallengeReason): string {
    const parameters = this.challengeParameters(reason);
    return parameters === '' ? this.scheme : `${this.scheme} ${parameters}`;
  }
}
