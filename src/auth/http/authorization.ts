import { outOfReach, type Principal } from '../../common/auth/caller.js';
import { grants, type Scope } from '../../common/auth/permissions.js';
import { DomainError } from '../../common/errors/domain-error.js';

/** What a request asks to be let do. */
export interface Wanted {
  readonly scope: Scope;
  /** The function that it is done to; undefined where the path names none. */
  readonly functionName: string | undefined;
  /** The handler keeps to the caller's functions itself. */
  readonly isKeptByHandler: boolean;
}

export interface NotAllowed {
  readonly error: DomainError;
  readonly lacksScope: boolean;
}

/**
 * Why somebody may not do this, or undefined. Who is limited to certain functions may use a route whose path names one
 * of them and one that keeps to them itself, and no other: what a new route forgets to say closes it.
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
