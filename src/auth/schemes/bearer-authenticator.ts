import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Principal } from '../../common/auth/caller.js';
import { KeyRing } from '../keys/key-ring.js';
import { Authenticator, RefusedCredential, type ChallengeReason } from './authentication.js';

const bearerPattern = /^Bearer +(.+)$/i;

export const unknownKey = new RefusedCredential(
  'The key is not valid: this server does not know it, or it has expired or was revoked.',
);

/** A key in `Authorization: Bearer` (RFC 6750), or in `X-Glambdar-Key`. */
@Injectable()
export class BearerAuthenticator extends Authenticator {
  override readonly instruction =
    'Send a key in the header "Authorization: Bearer <key>" or "X-Glambdar-Key: <key>".';

  constructor(private readonly keys: KeyRing) {
    super();
  }

  override authenticate({ headers }: IncomingMessage): Principal | RefusedCredential | undefined {
    const shown = credentialIn(headers);
    return shown === undefined ? undefined : (this.keys.verify(shown) ?? unknownKey);
  }

  override challenge(reason: ChallengeReason): string {
    switch (reason.kind) {
      case 'missing':
        return 'Bearer';
      case 'invalid':
        return 'Bearer error="invalid_token"';
      case 'insufficient-scope':
        return `Bearer error="insufficient_scope", scope="${reason.scope}"`;
      default:
        return reason satisfies never;
    }
  }
}

/**
 * What a request sends as its key, valid or not; undefined if it sends nothing, or an `Authorization` of another scheme.
 * `X-Glambdar-Key` takes precedence, so that `Authorization` can hold something for the function.
 */
export function credentialIn(headers: IncomingHttpHeaders): string | undefined {
  const own = headers['x-glambdar-key'];
  if (own !== undefined) return String(own);
  const { authorization } = headers;
  return authorization === undefined ? undefined : bearerPattern.exec(authorization)?.[1];
}
