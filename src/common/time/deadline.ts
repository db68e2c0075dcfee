import type { Clock } from './clock.js';

export interface Limits {
  /** Milliseconds from now; the work may still go on after it, so the caller must end it. */
  readonly withinMs: number;
  readonly onTimeout: () => Error;
  /** Gives up at once, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * The first of: what `work` settles to, the deadline, the signal. Timer and listener are gone when it settles, and a
 * late rejection of `work` is not reported as unhandled.
 */
export function withDeadline<T>(clock: Clock, work: Promise<T>, limits: Limits): Promise<T> {
  const { withinMs, onTimeout, signal } = limits;
  return new Promise<T>((resolve, reject) => {
    const giveUp = () => {
      settle();
      reject(signal?.reason as Error);
    };
    const cancelTimer = clock.schedule(withinMs, () => {
      settle();
      reject(onTimeout());
    });
    const settle = () => {
      cancelTimer();
      signal?.removeEventListener('abort', giveUp);
    };
    work.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error as Error);
      },
    );
    if (signal?.aborted) giveUp();
    else signal?.addEventListener('abort', giveUp, { once: true });
  });
}
