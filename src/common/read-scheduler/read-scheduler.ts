import { Injectable, Module } from '@nestjs/common';
import { ClockModule } from '../time/clock.module.js';
import { type CancelTimer, Clock } from '../time/clock.js';

/** What may be held back: its sender then waits, since its buffers fill. */
export interface HeldStream {
  pause(): unknown;
  resume(): unknown;
}

/** What one reader may take in one go; nobody else's event waits longer for it. */
export const sliceMs = 0.5;

/** So much of the event loop's time goes to those that have used up their first slice, all of them together. */
const share = 0.25;

/** What was not used of that share lately: whoever alone has much to say is not slowed down by it. */
const mostSavedMs = 500;

/** Between two turns, once nothing is saved any more. */
const pauseMs = 1;

/**
 * A turn that comes later than this was kept waiting, by others' events or by other processes. The share is one of time to
 * spare, and there was none: what is beyond it does not count, and what was saved is lost. Else a machine that gives this
 * process little would have all of that spent on who says most.
 */
const lateMs = 2;

export interface WaitingReader {
  readonly servedMs: number;
  granted(ms: number): void;
}

/**
 * A fair scheduler: shares out the event loop's time among the streams that containers fill. A function can send faster than this process
 * reads, and every byte and frame is read at the server's expense; so whoever has used up its slice is held back and
 * waits here for the next, while its container waits for room in its socket. Whoever has had least comes first.
 */
@Injectable()
export class ReadScheduler {
  private readonly waiting = new Set<WaitingReader>();
  private savedMs = mostSavedMs;
  private savedAtMs: number;
  private isScheduled = false;

  constructor(private readonly clock: Clock) {
    this.savedAtMs = clock.monotonicMs();
  }

  get count(): number {
    return this.waiting.size;
  }

  wait(reader: WaitingReader): void {
    // While nobody waited, time passed to spare.
    if (this.waiting.size === 0 && !this.isScheduled) this.save(this.passedMs());
    this.waiting.add(reader);
    this.schedule();
  }

  leave(reader: WaitingReader): void {
    this.waiting.delete(reader);
    if (this.waiting.size === 0) this.cancel();
  }

  private cancel: CancelTimer = () => undefined;

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    const turn = () => {
      this.isScheduled = false;
      this.turn();
    };
    if (this.savedMs > 0) {
      const immediate = setImmediate(turn);
      this.cancel = () => {
        this.isScheduled = false;
        clearImmediate(immediate);
      };
      return;
    }
    const cancelTimer = this.clock.schedule(pauseMs, turn);
    this.cancel = () => {
      this.isScheduled = false;
      cancelTimer();
    };
  }

  private turn(): void {
    const passedMs = this.passedMs();
    if (passedMs > lateMs) this.savedMs = Math.min(this.savedMs, 0);
    this.save(Math.min(passedMs, lateMs));
    const reader = this.savedMs > 0 ? leastServed(this.waiting) : undefined;
    if (reader) {
      this.savedMs -= sliceMs;
      this.waiting.delete(reader);
      reader.granted(sliceMs);
    }
    if (this.waiting.size > 0) this.schedule();
  }

  private save(ms: number): void {
    this.savedMs = Math.min(mostSavedMs, this.savedMs + ms * share);
    this.savedAtMs = this.clock.monotonicMs();
  }

  private passedMs(): number {
    return this.clock.monotonicMs() - this.savedAtMs;
  }
}

/** The one that has had least; of those with as much, the one that has waited longest. */
function leastServed<R extends { readonly servedMs: number }>(waiting: Iterable<R>): R | undefined {
  let least: R | undefined;
  for (const reader of waiting) {
    if (!least || reader.servedMs < least.servedMs) least = reader;
  }
  return least;
}

@Module({ imports: [ClockModule], providers: [ReadScheduler], exports: [ReadScheduler] })
export class ReadSchedulerModule {}
