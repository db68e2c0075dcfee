/** Gives the permit back; calling it again does nothing. */
export type Release = () => void;

/** Hands out a fixed number of permits; a limited number of callers waits for one, first come, first served. */
export class Semaphore {
  private used = 0;
  private readonly queue: ((release: Release) => void)[] = [];

  constructor(
    private readonly permits: number,
    private readonly mostWaiting: number,
  ) {}

  /** Permits that are in use. */
  get held(): number {
    return this.used;
  }

  /** Resolves when there is a permit; undefined, at once, when too many wait already. */
  acquire(): Promise<Release> | undefined {
    if (this.used < this.permits) {
      this.used += 1;
      return Promise.resolve(this.releaseOnce());
    }
    if (this.queue.length >= this.mostWaiting) return undefined;
    return new Promise((resolve) => this.queue.push(resolve));
  }

  private releaseOnce(): Release {
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const next = this.queue.shift();
      // The permit passes on without becoming free, so that nobody can slip in between.
      if (next) next(this.releaseOnce());
      else this.used -= 1;
    };
  }
}
