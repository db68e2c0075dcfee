import type { Clock } from '../time/clock.js';
import type { HeldStream, ReadScheduler } from './read-scheduler.js';

/** What a stream has before it waits for its turn: more than nearly every call needs for all that it says. */
const firstSliceMs = 1;

/** What an arrival costs before anything is made of it: the kernel's part, a buffer, an event. */
const arrivalMs = 0.02;

/** Where the machine was busy with something else, the time is not the stream's. */
const mostChargedMs = 5;

/**
 * One stream that a container fills, read in slices of time. `step` does one small piece of what has arrived and says
 * whether there was one; what is left when the slice is over waits for the next, and so does the stream.
 */
export class ScheduledReader {
  /** Time that it has had since it was reset. */
  servedMs = 0;
  private leftMs = firstSliceMs;
  private isHeld = false;
  private hasRest = false;
  private isClosed = false;
  private whenRead: (() => void) | undefined;

  constructor(
    private readonly stream: HeldStream,
    private readonly step: () => boolean,
    private readonly scheduler: ReadScheduler,
    private readonly clock: Clock,
  ) {}

  /** The host itself holds it back: that nothing of it arrives is not its fault. */
  get isWaiting(): boolean {
    return this.isHeld;
  }

  /** Something has arrived. */
  arrived(): void {
    this.work(arrivalMs);
  }

  /**
   * No more will arrive. Runs `listener` once all that has arrived is read, which may still wait for its turn: Node tells
   * of a stream's end even while the stream is held. Never runs it after `close`. One listener; a later one is ignored.
   */
  ends(listener: () => void): void {
    if (this.isClosed) return;
    if (this.hasRest) this.whenRead ??= listener;
    else listener();
  }

  /** What it said before counts no more. */
  reset(): void {
    this.servedMs = 0;
    if (!this.isHeld) this.leftMs = firstSliceMs;
  }

  /** Nothing more will be read. */
  close(): void {
    this.isClosed = true;
    this.whenRead = undefined;
    this.scheduler.leave(this);
  }

  /** For `ReadScheduler`: its turn has come. */
  granted(ms: number): void {
    this.leftMs = Math.min(this.leftMs + ms, ms);
    if (this.leftMs <= 0) {
      this.scheduler.wait(this);
      return;
    }
    if (this.hasRest) this.work(0);
    if (this.hasRest || this.leftMs <= 0 || this.isClosed) return;
    this.isHeld = false;
    this.stream.resume();
  }

  private work(costMs: number): void {
    const startedMs = this.clock.monotonicMs();
    let tookMs = 0;
    do {
      this.hasRest = this.step();
      tookMs = this.clock.monotonicMs() - startedMs;
    } while (this.hasRest && tookMs < this.leftMs);
    if (!this.hasRest) this.tellRead();
    const usedMs = costMs + Math.min(tookMs, mostChargedMs);
    this.leftMs -= usedMs;
    this.servedMs += usedMs;
    if (this.isClosed || (this.leftMs > 0 && !this.hasRest)) return;
    this.isHeld = true;
    this.stream.pause();
    this.scheduler.wait(this);
  }

  private tellRead(): void {
    const { whenRead } = this;
    this.whenRead = undefined;
    whenRead?.();
  }
}
