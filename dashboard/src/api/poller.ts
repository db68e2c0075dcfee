import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { isAborted } from './problem.js';

/** What a request answered last, and why the last one failed; both at once where an earlier one succeeded. */
export interface Answer<T> {
  readonly data: ReadonlySignal<T | undefined>;
  readonly error: ReadonlySignal<Error | undefined>;
}

/**
 * Asks for something again and again while the page is visible, one request at a time. What was answered stays until
 * something newer arrives, so that a page does not blink.
 */
export class Poller<T> implements Answer<T> {
  readonly data = signal<T | undefined>(undefined);
  readonly error = signal<Error | undefined>(undefined);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request: AbortController | undefined;
  private isDue = true;

  constructor(
    private load: (signal: AbortSignal) => Promise<T>,
    /** Pause after each answer; zero to ask only when told to. */
    private readonly everyMs: number,
    private readonly isVisible: ReadonlySignal<boolean>,
  ) {}

  /** Begins; what it returns ends it. */
  start(): () => void {
    const unfollow = effect(() => {
      if (this.isVisible.value && this.isDue) void this.reload();
    });
    return () => {
      unfollow();
      clearTimeout(this.timer);
      this.request?.abort();
    };
  }

  /** Asks now, with another question from now on; resolves when that is answered, however it ends. */
  ask(load: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.load = load;
    return this.reload();
  }

  /** Asks now; an older request that still runs is taken back. */
  async reload(): Promise<void> {
    clearTimeout(this.timer);
    this.request?.abort();
    this.isDue = false;
    const request = new AbortController();
    this.request = request;
    try {
      const answer = await this.load(request.signal);
      if (request.signal.aborted) return;
      this.data.value = answer;
      this.error.value = undefined;
    } catch (error) {
      if (request.signal.aborted || isAborted(error)) return;
      this.error.value = error instanceof Error ? error : new Error(String(error));
    }
    this.scheduleNext();
  }

  private scheduleNext(): void {
    if (this.everyMs === 0) return;
    this.timer = setTimeout(() => {
      this.isDue = true;
      if (this.isVisible.peek()) void this.reload();
    }, this.everyMs);
  }
}
