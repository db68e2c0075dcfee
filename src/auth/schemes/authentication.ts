import type { IncomingMessage } from 'node:http';
import type { Principal, Scope } from '../../common/auth/caller.js';

/** Why a client is challenged: it sent no credential, an invalid one, or one with too few permissions. */
export type ChallengeReason =
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'insufficient-scope'; readonly scope: Scope };

/** Headers of an answer. */
type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;

/** A credential that its scheme recognizes and rejects. */
export class RefusedCredential {
  constructor(
    /** The sentence that answers it. It must not help anyone who guesses. */
    readonly message: string,
    /** `CSRF_TOKEN_INVALID`: the credential is valid, but the page that sent it may not be its owner's. */
    readonly code: 'UNAUTHENTICATED' | 'CSRF_TOKEN_INVALID' = 'UNAUTHENTICATED',
    /** For the answer, besides the challenges. */
    readonly headers: AnswerHeaders = {},
  ) {}
}

/**
 * One way for a request to show who sends it, such as a bearer key. It establishes who that is, never what they may do
 * here: that is `authorization.ts`, which does not know the scheme.
 */
export abstract class Authenticator {
  /** A sentence for clients that sent no credential: what to send. */
  abstract readonly instruction: string;

  /** For `WWW-Authenticate` (RFC 9110, section 11.6.1); undefined if the scheme is none of HTTP's. */
  abstract challenge(reason: ChallengeReason): string | undefined;

  /**
   * Undefined if the request has no credential of this scheme; then the next scheme is asked. Works synchronously and
   * from memory, because it runs for every call.
   */
  abstract authenticate(request: IncomingMessage): Principal | RefusedCredential | undefined;
}

/** The request is from nobody the server knows, or from a page that may not act for them: how it is answered. */
export class Unauthenticated {
  constructor(
    readonly code: RefusedCredential['code'],
    readonly message: string,
    readonly headers: AnswerHeaders,
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
      'UNAUTHENTICATED',
      schemes.map(({ instruction }) => instruction).join(' '),
      { 'WWW-Authenticate': this.challenges(missing) },
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
    return this.challengesBy(() => reason);
  }

  /** How a credential is answered that `by` has rejected. */
  refused({ code, message, headers }: RefusedCredential, by: Authenticator | undefined): Unauthenticated {
    // Only a `401` has challenges.
    if (code !== 'UNAUTHENTICATED') return new Unauthenticated(code, message, headers);
    const challenges = this.challengesBy((scheme) => (scheme === by ? invalid : missing));
    return new Unauthenticated(code, message, { ...headers, 'WWW-Authenticate': challenges });
  }

  private challengesBy(reasonFor: (scheme: Authenticator) => ChallengeReason): string[] {
    return this.schemes
      .map((scheme) => scheme.challenge(reasonFor(scheme)))
      .filter((challenge) => challenge !== undefined);
  }
}
