import { type Caller, grants } from '../common/auth/caller.js';
import { DomainError } from '../common/errors/domain-error.js';
import type { FunctionSettings } from '../functions/function.js';

/** Who changes a function, as far as that decides what may be changed, and when. */
export interface Changer {
  /** Undefined where no key was needed. */
  readonly keyId: string | undefined;
  /** Whether a function may be given more than its share. */
  readonly mayExceedShares: boolean;
}

/** A part of the server itself, which keeps to the rules of everybody. */
export const nobodyInParticular: Changer = { keyId: undefined, mayExceedShares: false };

export function changerOf({ keyId, scopes }: Caller): Changer {
  return { keyId, mayExceedShares: grants(scopes, 'admin') };
}

/** Most that one function may have kept ready of what all functions share. */
export interface KeptShare {
  readonly containers: number;
  readonly memoryMiB: number;
}

type Kept = Pick<FunctionSettings, 'minContainers' | 'memoryMiB'>;

/**
 * Containers that a function always keeps ready are never there for others, so only an administrator may have it keep
 * more than its share. What a function keeps already it may go on keeping. Throws `FORBIDDEN`, which names field and rule.
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
