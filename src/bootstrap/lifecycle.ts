import type { Log } from '../common/log/log.js';
import type { Clock } from '../common/time/clock.js';
import { withDeadline } from '../common/time/cancellation.js';

/** A step and the longest wait for it. */
export interface Step {
  readonly withinMs: number;
  /** A promise is awaited; its value is ignored. */
  readonly run: () => unknown;
}

/** A part of the server, which starts and stops with it. */
export interface Part {
  /** Its name in the log. */
  readonly name: string;
  /** A part without one needs no start. */
  readonly start?: Step;
  /** Called only if the part has started. A part without one needs no stop. */
  readonly stop?: Step;
}

/** Starts parts in their order and stops them in reverse, each by its deadline. */
export class Lifecycle {
  private readonly started: Part[] = [];
  private starting: Promise<boolean> | undefined;
  private stopping: Promise<boolean> | undefined;

  constructor(
    private readonly parts: readonly Part[],
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Resolves to true when every part has started, and to false when `stop` was called meanwhile. Rejects with the error
   * of the part that failed, once the parts that had started have stopped.
   */
  async start(): Promise<boolean> {
    this.starting = this.startAll();
    try {
      return await this.starting;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /**
   * Resolves to whether every part that had started has stopped in time and without an error; never rejects. First waits
   * for a part that is still starting. A second call returns the same promise.
   */
  stop(): Promise<boolean> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  private async startAll(): Promise<boolean> {
    for (const part of this.parts) {
      if (this.stopping) return false;
      await this.startOne(part);
      this.started.push(part);
    }
    return this.stopping === undefined;
  }

  private async startOne({ name, start }: Part): Promise<void> {
    if (!start) return;
    try {
      await this.inTime(start, `The part "${name}" of the server did not start`);
    } catch (error) {
      // Whoever started the server reads the reason, as a sentence where they can do something about it.
      this.log.debug(
        { part: name },
        'a part of the server could not start; the parts before it are being stopped',
      );
      throw error;
    }
  }

  private async stopAll(): Promise<boolean> {
    await this.starting?.catch(() => undefined);
    let isInOrder = true;
    for (const part of this.started.reverse()) isInOrder = (await this.stopOne(part)) && isInOrder;
    return isInOrder;
  }

  private async stopOne({ name, stop }: Part): Promise<boolean> {
    if (!stop) return true;
    try {
      await this.inTime(stop, `The part "${name}" of the server did not stop`);
      return true;
    } catch (err) {
      this.log.error(
        { part: name, err },
        'a part of the server did not stop cleanly; the others are still being stopped',
      );
      return false;
    }
  }

  private inTime({ run, withinMs }: Step, what: string): Promise<unknown> {
    const onTimeout = () => new Error(`${what} within ${withinMs} ms.`);
    // A synchronous throw counts as a rejection.
    const work = new Promise((resolve) => {
      resolve(run());
    });
    return withDeadline(this.clock, work, { withinMs, onTimeout });
  }
}
