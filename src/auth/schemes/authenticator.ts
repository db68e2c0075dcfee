import type { IncomingMessage } from 'node:http';
import type { Principal } from '../../common/auth/caller.js';
import type { Scope } from '../../common/auth/permissions.js';

/** Why a client is challenged: it sent no credential, an invalid one, or one with too few permissions. */
export type ChallengeReason =
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'insufficient-scope'; readonly scope: Scope };

/** A credential that its scheme recognizes and rejects. */
export class RefusedCredential {
  /** The sentence that answers it. It must not help anyone who guesses. */
  constructor(readonly message: string) {}
}

/**
 * One way for a request to show who sends it, such as a bearer key. It establishes who that is, never what they may do
 * here: that is `authorization.ts`, which does not know the scheme.
 */
export abstract class Authenticator {
  /** Its name in `WWW-Authenticate` (RFC 9110, section 11.1). */
  abstract readonly scheme: string;

  /** A sentence for clients that sent no credential: what to send. */
  abstract readonly instruction: string;

  /** What follows the scheme's name in the challenge; may be empty. */
  abstract challengeParameters(reason: ChallengeReason): string;

  /**
   * Undefined if the request has no credential of this scheme; then the next scheme is asked. Works synchronously and
   * from memory, because it runs for every call.
   */
  abstract authenticate(request: IncomingMessage): Principal | RefusedCredential | undefined;

  challenge(reason: ChallengeReason): string {
    const parameters = this.challengeParameters(reason);
    return parameters === '' ? this.scheme : `${this.scheme} ${parameters}`;
  }
}
