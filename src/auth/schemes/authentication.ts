import type { IncomingMessage } from 'node:http';
import type { Principal } from '../../common/auth/caller.js';
import { RefusedCredential, type Authenticator, type ChallengeReason } from './authenticator.js';

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
