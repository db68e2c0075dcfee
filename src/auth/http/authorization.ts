import { Injectable } from '@nestjs/common';
import { type Caller, grants, outOfReach, type Principal, type Scope } from '../../common/auth/caller.js';
import { type AccessLoss, StandingAccess } from '../../common/auth/standing-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { Clock } from '../../common/time/clock.js';
import { isValid } from '../keys/api-key.js';
import { KeyRing } from '../keys/key-ring.js';
import { SessionRing } from '../sessions/session-ring.js';

/** The permission that a request needs. */
export interface Wanted {
  readonly scope: Scope;
  /** The function it is about; undefined where the path names none. */
  readonly functionName: string | undefined;
  /** The handler itself restricts what it does to the caller's functions. */
  readonly isKeptByHandler: boolean;
}

export interface NotAllowed {
  readonly error: DomainError;
  readonly lacksScope: boolean;
}

/**
 * Why a caller may not do this, or undefined. A caller who is limited to certain functions may use routes whose path
 * names one of them, and routes that restrict themselves, and no others: a new route that declares nothing is closed.
 */
export function notAllowed(
  { scopes, reach }: Pick<Principal, 'scopes' | 'reach'>,
  wanted: Wanted,
): NotAllowed | undefined {
  const { scope, functionName, isKeptByHandler } = wanted;
  if (!grants(scopes, scope)) return { error: scopeLacking(scope), lacksScope: true };
  if (!reach.isLimited || isKeptByHandler) return undefined;
  if (functionName === undefined) return { error: aboutTheServer(), lacksScope: false };
  return reach.includes(functionName) ? undefined : { error: outOfReach(), lacksScope: false };
}

function scopeLacking(scope: Scope): DomainError {
  const needed = scope === 'admin' ? scope : `${scope}, or with admin`;
  return new DomainError('FORBIDDEN', `This key may not do that; use one with the scope ${needed}.`);
}

function aboutTheServer(): DomainError {
  return new DomainError(
    'FORBIDDEN',
    'This key is limited to certain functions, and this is about the whole server; use a key that is not limited.',
  );
}

/** How old the keys may be that long answers are checked against; a revoked key is noticed after this at the latest. */
const freshMs = 300;

/** Looks up whether the key, or the session, of a long answer is still good. */
@Injectable()
export class StandingKeys extends StandingAccess {
  constructor(
    private readonly keys: KeyRing,
    private readonly sessions: SessionRing,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async refresh(): Promise<void> {
    await this.keys.refresh(freshMs);
  }

  override lossOf({ keyId, sessionId }: Caller, scope: Scope, functionName: string): AccessLoss | undefined {
    if (keyId === undefined) return this.keys.inForce ? 'key-needed' : undefined;
    const held = this.keys.get(keyId);
    if (held?.key.revokedAt !== null) return 'revoked';
    if (!isValid(held.key, this.clock.wallTime())) return 'expired';
    if (sessionId !== undefined && !this.sessions.get(sessionId)) return 'signed-out';
    return notAllowed(held.principal, { scope, functionName, isKeptByHandler: false })
      ? 'forbidden'
      : undefined;
  }
}
