import type { Clock } from './clock.js';

export type CancelListener = (reason: Error) => void;

/** Ends what `onCancel` began; calling it again does nothing. */
export type StopListening = () => void;

/**
 * What may end a call before its time: its client leaves, the server stops. An `AbortSignal` would do; but a call
 * listens to it in each of its phases, and adding and removing its listeners took a fortieth of the server's
 * time for a call.
 */
export class Cancellation {
  private listeners: readonly CancelListener[] = [];
  private why: Error | undefined;

  /** Undefined until it is cancelled. */
  get reason(): Error | undefined {
    return this.why;
  }

  throwIfCancelled(): void {
    if (this.why) throw this.why;
  }

  /** Only the first reason counts. */
  cancel(reason: Error): void {
    if (this.why) return;
    this.why = reason;
    const { listeners } = this;
    this.listeners = [];
    for (const listener of listeners) listener(reason);
  }

  /** Runs `listener` once, when it is cancelled; at once where it is already. */
  onCancel(listener: CancelListener): StopListening {
    if (this.why) {
      listener(this.why);
      return () => undefined;
    }
    this.listeners = [...this.listeners, listener];
    return () => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    };
  }
}

interface Limits {
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

/** What `work` settles to, unless the cancellation comes first; then whoever began the work has to end it. */
export function unlessCancelled<T>(work: Promise<T>, cancellation: Cancellation): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stopListening = cancellation.onCancel(reject);
    work.then(resolve, reject).finally(stopListening);
  });
}
