import type { CancelTimer, Clock } from '../../common/time/clock.js';

/** Whoever ends a call frees room; how often that is looked at does not grow with the calls. */
const soonestMs = 5;

/**
 * Tells those who asked for room that there may be some again. They are told a moment later, and once for all that ended
 * until then, so that it takes none of the time of the call that has just ended.
 */
export class RoomListeners {
  private readonly listeners: (() => void)[] = [];
  private isAskedFor = false;
  private cancelTimer: CancelTimer | undefined;

  constructor(private readonly clock: Clock) {}

  add(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Somebody has asked how much room there is, and may want more. */
  asked(): void {
    this.isAskedFor = true;
  }

  /** Whether anybody would like to know, and does not hear of it soon anyway. */
  get wantToKnow(): boolean {
    return this.isAskedFor && this.cancelTimer === undefined;
  }

  /** There is room. */
  tellSoon(): void {
    this.cancelTimer ??= this.clock.schedule(soonestMs, () => {
      this.cancelTimer = undefined;
      this.isAskedFor = false;
      for (const listener of this.listeners) listener();
    });
  }
}
