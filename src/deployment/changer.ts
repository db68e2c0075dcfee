import { type Caller, grants } from '../common/auth/caller.js';
import { DomainError } from '../common/errors/domain-error.js';
import type { FunctionSettings } from '../functions/function.js';

/** Who changes a function: decides what they may change, and when. */
export interface Changer {
  /** Undefined if no key was needed. */
  readonly keyId: string | undefined;
  /** Whether they may give a function more than its share. */
  readonly mayExceedShares: boolean;
}

/** A part of the server itself, which follows everybody's rules. */
export const nobodyInParticular: Changer = { keyId: undefined, mayExceedShares: false };

export function changerOf({ keyId, scopes }: Caller): Changer {
  return { keyId, mayExceedShares: grants(scopes, 'admin') };
}

/** The most that one function may keep ready of the budget that all functions share. */
export interface KeptShare {
  readonly containers: number;
  readonly memoryMiB: number;
}

type Kept = Pick<FunctionSettings, 'minContainers' | 'memoryMiB'>;

/**
 * Containers that a function always keeps ready are never available to others, so only an administrator may let it keep
 * more than its share. It may go on keeping what it keeps already. Throws `FORBIDDEN`, which names field and rule.
 */
export function requireKeptWithin(share: KeptShare, before: Kept | undefined, after: Kept): void {
  const { minContainers, memoryMiB } = after;
  const had = before ?? { minContainers: 0, memoryMiB: 0 };
  if (minContainers > share.containers && minContainers > had.minContainers) {
    throw refusal(
      'minContainers',
      `minContainers above ${share.containers}, one function's share of the containers kept ready,`,
    );
  }
  const keptMiB = minContainers * memoryMiB;
  if (keptMiB > share.memoryMiB && keptMiB > had.minContainers * had.memoryMiB) {
    throw refusal(
      minContainers > had.minContainers ? 'minContainers' : 'memoryMiB',
      `minContainers times memoryMiB above ${share.memoryMiB} MiB, one function's share of the memory of containers kept ready,`,
    );
  }
}

function refusal(field: string, what: string): DomainError {
  const reason = `${what} needs a key with the scope admin`;
  return new DomainError('FORBIDDEN', `${reason}.`, { field, reason });
}
