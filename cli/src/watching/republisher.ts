/** Publishes again whenever something changes, one publication after the other. */
import { setTimeout as passed } from 'node:timers/promises';
import { idle, nextInCycle, type CycleAction, type CycleEvent, type CycleState } from './publish-cycle.js';

/** Editors write a file in several steps, and several files at once. */
const settleMs = 25;

export class Republisher {
  private state: CycleState = idle;
  private running: Promise<void> = Promise.resolve();

  /** `publish` deals with its own failures. */
  constructor(
    private readonly publish: () => Promise<void>,
    private readonly signal: AbortSignal,
  ) {}

  readonly changed = (): void => {
    this.handle('changed');
  };

  /** When nothing of it is going on any more. */
  async rest(): Promise<void> {
    await this.running;
  }

  private handle(event: CycleEvent): void {
    const { state, action } = nextInCycle(this.state, event);
    this.state = state;
    if (!this.signal.aborted && action !== undefined) this.running = this.perform(action);
  }

  private async perform(action: CycleAction): Promise<void> {
    if (action === 'publish') {
      await this.publish();
      this.handle('published');
    } else {
      const hasSettled = await passed(settleMs, true, { signal: this.signal }).catch(() => false);
      if (hasSettled) this.handle('settled');
    }
  }
}
