import { ofShareHolder } from '../../common/auth/caller.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { retryAfterMs } from './admission-policy.js';

/** Whose limit a call has reached. */
export type LimitOwner = 'function' | 'key' | 'server';

/** What decides when a refused call should try again. */
export interface Backlog {
  /** Calls that wait before it, and how many run side by side. */
  readonly waiting: number;
  readonly permits: number;
  /** How long a call holds its permit. */
  readonly callMs: number;
}

/** Whose limit it was decides whose fault it is: the function's own, its key's, or the server's. */
export function refusalOf(
  owner: LimitOwner,
  why: string,
  { waiting, permits, callMs }: Backlog,
  holder: string | undefined,
): DomainError {
  const details = { retryAfterMs: retryAfterMs(waiting, { callMs, permits }) };
  switch (owner) {
    case 'function':
      return new DomainError('CONCURRENCY_LIMIT', `${why} for this function; call it less often.`, details);
    case 'key':
      return new DomainError('RATE_LIMITED', `${why} ${ofShareHolder(holder)}; call less often.`, details);
    case 'server':
      return new DomainError('OVERLOADED', `${why} on this server; try again later.`, details);
    default:
      return owner satisfies never;
  }
}
