import type { IncomingMessage } from 'node:http';
import type { Principal, Scope } from '../../common/auth/caller.js';

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

/** The request is from nobody the server knows: the sentence that answers it, and the challenges. */
export class Unauthenticated {
  constructor(
    readonly message: string,
    /** One per scheme, in order. */
    readonly challenges: readonly string[],
  ) {}
}

const missing: ChallengeReason = { kind: 'missing' };
const invalid: ChallengeReason = { kind: 'invalid' };

/**
 * The schemes by which a request may show who sends it, in the order in which they are asked. The first that finds a
 * credential of its own decides: if it rejects the credential, no other scheme is tried.
 */
export class Authentication {
  private readonly nothingShown: Unauthenticated;

  constructor(private readonly schemes: readonly Authenticator[]) {
    this.nothingShown = new Unauthenticated(
      schemes.map(({ instruction }) => instruction).join(' '),
      this.challenges(missing),
    );
  }

  authenticate(request: IncomingMessage): Principal | Unauthenticated {
    for (const scheme of this.schemes) {
      const shown = scheme.authenticate(request);
      if (shown === undefined) continue;
      return shown instanceof RefusedCredential ? this.refused(shown, scheme) : shown;
    }
    return this.nothingShown;
  }

  /** One per scheme, in order. */
  challenges(reason: ChallengeReason): string[] {
    return this.schemes.map((scheme) => scheme.challenge(reason));
  }

  private refused({ message }: RefusedCredential, by: Authenticator): Unauthenticated {
    const challenges = this.schemes.map((scheme) => scheme.challenge(scheme === by ? invalid : missing));
    return new Unauthenticated(message, challenges);
  }
}
