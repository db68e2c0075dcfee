import { outOfReach } from '../../common/auth/caller.js';
import { grants, type Scope } from '../../common/auth/permissions.js';
import { DomainError } from '../../common/errors/domain-error.js';
import type { HeldKey } from '../keys/api-key.js';

/** What somebody wants to do who stands at the door. */
export interface Wanted {
  readonly scope: Scope;
  /** The function that it is done to; undefined where the path names none. */
  readonly functionName: string | undefined;
  /** The handler keeps to the key's functions itself. */
  readonly isKeptByHandler: boolean;
}

export interface KeyProblem {
  readonly error: DomainError;
  readonly lacksScope: boolean;
}

/**
 * Why a valid key does not open this, or undefined. A limited key opens a route whose path names one of its functions
 * and one that keeps to them itself, and no other: what a new route forgets to say closes it.
 */
export function keyProblem({ key, reach }: HeldKey, wanted: Wanted): KeyProblem | undefined {
  const { scope, functionName, isKeptByHandler } = wanted;
  if (!grants(key.scopes, scope)) {
    const needed = scope === 'admin' ? scope : `${scope}, or with admin`;
    const message = `This key may not do that; use one with the scope ${needed}.`;
    return { error: new DomainError('FORBIDDEN', message), lacksScope: true };
  }
  if (!reach.isLimited || isKeptByHandler) return undefined;
  if (functionName === undefined) return { error: aboutTheServer(), lacksScope: false };
  return reach.includes(functionName) ? undefined : { error: outOfReach(), lacksScope: false };
}

function aboutTheServer(): DomainError {
  return new DomainError(
    'FORBIDDEN',
    'This key is limited to certain functions, and this is about the whole server; use a key that is not limited.',
  );
}
