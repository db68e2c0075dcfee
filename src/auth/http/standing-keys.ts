import { Injectable } from '@nestjs/common';
import type { Caller } from '../../common/auth/caller.js';
import type { Scope } from '../../common/auth/permissions.js';
import { StandingAccess, type AccessLoss } from '../../common/auth/standing-access.js';
import { Clock } from '../../common/time/clock.js';
import { isValid } from '../keys/api-key.js';
import { KeyRing } from '../keys/key-ring.js';
import { notAllowed } from './authorization.js';

/** How old the keys may be that long answers are held against: whoever revokes one waits for this and one look. */
const freshMs = 300;

@Injectable()
export class StandingKeys extends StandingAccess {
  constructor(
    private readonly keys: KeyRing,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async refresh(): Promise<void> {
    await this.keys.refresh(freshMs);
  }

  override lossOf({ keyId }: Caller, scope: Scope, functionName: string): AccessLoss | undefined {
    if (keyId === undefined) return this.keys.inForce ? 'key-needed' : undefined;
    const held = this.keys.get(keyId);
    if (held?.key.revokedAt !== null) return 'revoked';
    if (!isValid(held.key, this.clock.wallTime())) return 'expired';
    return notAllowed(held.principal, { scope, functionName, isKeptByHandler: false })
      ? 'forbidden'
      : undefined;
  }
}
