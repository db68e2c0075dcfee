import type { Cancellation } from './cancellation.js';
import type { Clock } from './clock.js';

export interface Limits {
  /** Milliseconds from now; the work may still go on after it, so the caller must end it. */
  readonly withinMs: number;
  readonly onTimeout: () => Error;
  /** Gives up at once, with its reason. */
  readonly cancellation?: Cancellation;
}

/**
 * The first of: what `work` settles to, the deadline, the cancellation. Timer and listener are gone when it settles, and a
 * late rejection of `work` is not reported as unhandled.
 */
export function withDeadline<T>(clock: Clock, work: Promise<T>, limits: Limits): Promise<T> {
  const { withinMs, onTimeout, cancellation } = limits;
  return new Promise<T>((resolve, reject) => {
    const cancelTimer = clock.schedule(withinMs, () => {
      settle();
      reject(onTimeout());
    });
    const settle = () => {
      cancelTimer();
      stopListening?.();
    };
    work.then(settle, settle);
    work.then(resolve, reject);
    const stopListening = cancellation?.onCancel((reason) => {
      cancelTimer();
      reject(reason);
    });
  });
}
