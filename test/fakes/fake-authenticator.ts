import type { IncomingMessage } from 'node:http';
import {
  Authenticator,
  RefusedCredential,
  type ChallengeReason,
} from '../../src/auth/schemes/authentication.js';
import type { Principal } from '../../src/common/auth/caller.js';

/** A scheme of whoever says their name in the header `x-<scheme>`. */
export class FakeAuthenticator extends Authenticator {
  override readonly instruction: string;
  private readonly principals = new Map<string, Principal>();
  private readonly header: string;

  constructor(private readonly scheme: string) {
    super();
    this.header = `x-${scheme.toLowerCase()}`;
    this.instruction = `Show something in ${this.header}.`;
  }

  knows(name: string, principal: Principal): void {
    this.principals.set(name, principal);
  }

  known(name: string): Principal | undefined {
    return this.principals.get(name);
  }

  override authenticate({ headers }: IncomingMessage): Principal | RefusedCredential | undefined {
    const name = headers[this.header];
    if (typeof name !== 'string') return undefined;
    return this.principals.get(name) ?? new RefusedCredential(`${this.scheme} does not know you.`);
  }

  override challenge({ kind }: ChallengeReason): string {
    return `${this.scheme} reason="${kind}"`;
  }
}
