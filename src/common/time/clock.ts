/** Ends what `schedule` began; calling it again, or after the action ran, does nothing. */
export type CancelTimer = () => void;

/**
 * The only source of time. Deadlines, ages and rates use `monotonicMs`, which no clock jump moves; `wallTime` is for
 * display and records only.
 */
export abstract class Clock {
  /** Milliseconds since an arbitrary start, never going backwards, with fractions. */
  abstract monotonicMs(): number;
  abstract wallTime(): Date;
  /** Runs `action` once after `delayMs`. A scheduled action does not keep the process alive. */
  abstract schedule(delayMs: number, action: () => void): CancelTimer;
}

export class SystemClock extends Clock {
  override monotonicMs(): number {
    return performance.now();
  }

  override wallTime(): Date {
    return new Date();
  }

  override schedule(delayMs: number, action: () => void): CancelTimer {
    const timer = setTimeout(action, delayMs).unref();
    return () => {
      clearTimeout(timer);
    };
  }
}
