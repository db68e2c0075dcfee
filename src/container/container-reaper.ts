import { Semaphore, sharedByAll } from '../common/concurrency/semaphore.js';
import type { CancelTimer, Clock } from '../common/time/clock.js';
import type { ContainerLifecycle } from './container-state.js';
import type { EngineHealth } from './engine-health.js';
import type { ContainerEngine } from './engine/container-engine.js';

export interface ReaperOptions {
  /** Removals asked of the engine at the same time. */
  readonly parallelRemovals: number;
  /** Pause after the first failure; it doubles up to the longest. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

interface Retry {
  readonly pauseMs: number;
  readonly cancel: CancelTimer;
}

/** Removes containers, and does not give up: what cannot be removed is `leaked` and tried again until it is gone. */
export class ContainerReaper {
  private readonly removals: Semaphore;
  private readonly running = new Map<ContainerLifecycle, Promise<void>>();
  private readonly retries = new Map<ContainerLifecycle, Retry>();
  private stopped = false;

  constructor(
    private readonly engine: ContainerEngine,
    private readonly health: EngineHealth,
    private readonly clock: Clock,
    private readonly options: ReaperOptions,
  ) {
    // The queue is bounded by the number of containers, which user ids bound.
    this.removals = new Semaphore({
      permits: sharedByAll(options.parallelRemovals),
      queue: sharedByAll(Number.POSITIVE_INFINITY),
    });
  }

  /** Never rejects: resolves when the container is removed, or has failed to be and will be tried again. */
  remove(container: ContainerLifecycle): Promise<void> {
    const known = this.running.get(container);
    if (known) return known;
    if (container.state === 'removed') return Promise.resolve();
    const removing = this.tryOnce(container).finally(() => this.running.delete(container));
    this.running.set(container, removing);
    return removing;
  }

  /** Tries everything that leaked at once: the engine is back. */
  retryNow(): void {
    for (const container of [...this.retries.keys()]) void this.remove(container);
  }

  /** Clears every timer and sets no more. */
  stop(): void {
    this.stopped = true;
    for (const { cancel } of this.retries.values()) cancel();
    this.retries.clear();
  }

  private async tryOnce(container: ContainerLifecycle): Promise<void> {
    const pauseMs = this.takeRetry(container);
    container.move('removing');
    const permit = this.removals.acquire();
    const release = typeof permit === 'string' ? undefined : await permit;
    try {
      await this.health.ask(() => this.engine.remove(container.name));
      container.move('removed');
    } catch (error) {
      container.move('leaked', error);
      this.retryAfter(container, pauseMs);
    } finally {
      release?.();
    }
  }

  /** The pause before the next try, should this one fail. */
  private takeRetry(container: ContainerLifecycle): number {
    const retry = this.retries.get(container);
    retry?.cancel();
    this.retries.delete(container);
    return retry ? Math.min(retry.pauseMs * 2, this.options.longestPauseMs) : this.options.firstPauseMs;
  }

  private retryAfter(container: ContainerLifecycle, pauseMs: number): void {
    if (this.stopped) return;
    const cancel = this.clock.schedule(pauseMs, () => void this.remove(container));
    this.retries.set(container, { pauseMs, cancel });
  }
}
