import { Injectable } from '@nestjs/common';
import { Installation } from '../../common/installation/installation.js';
import { Log } from '../../common/log/log.js';
import { type CancelTimer, Clock } from '../../common/time/clock.js';
import { EventStore } from '../store/event-store.js';
import { Dispatcher, leaseMs } from './dispatcher.js';
import { EventRunner } from './event-runner.js';

/** Twice before a lease ends, so that one failure loses none. */
const everyMs = leaseMs / 3;

const afterFailureMs = 5000;

/** So many of what has expired go in one step, so that nobody waits for long; then the next step comes soon. */
const forgottenAtOnce = 500;
const whereThereIsMoreMs = 100;

/**
 * Renews the leases of what runs here, gives back to the queue what a lost server, or a lost answer of the store, left
 * running, has what is too old ended, and forgets what has been kept for long enough. It goes on while the server stops, until nothing runs any more.
 */
@Injectable()
export class Upkeep {
  private isStopping = false;
  private hasFailed = false;
  private cancelTimer: CancelTimer = () => undefined;

  constructor(
    private readonly store: EventStore,
    private readonly runner: EventRunner,
    private readonly dispatcher: Dispatcher,
    private readonly installation: Installation,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  start(): void {
    this.again(everyMs);
  }

  /** Only leases are renewed from now on. */
  stop(): void {
    this.isStopping = true;
    if (this.runner.runningCount === 0) this.cancelTimer();
  }

  private again(inMs: number): void {
    if (this.isStopping && this.runner.runningCount === 0) return;
    this.cancelTimer = this.clock.schedule(inMs, () => void this.turn());
  }

  private async turn(): Promise<void> {
    try {
      await this.renew();
      const isMore = !this.isStopping && (await this.tidy());
      this.hasFailed = false;
      this.again(isMore ? whereThereIsMoreMs : everyMs);
    } catch (err) {
      if (!this.hasFailed)
        this.log.warn({ err }, 'the leases of events could not be renewed; this is tried again');
      this.hasFailed = true;
      this.again(afterFailureMs);
    }
  }

  private async renew(): Promise<void> {
    const held = this.runner.heldIds;
    if (held.length === 0) return;
    const renewed = new Set(await this.store.renew(this.installation.node.id, held, leaseMs));
    this.runner.lose(held.filter((id) => !renewed.has(id)));
  }

  /** Leases that ended are not this server's own: those have just been renewed. True where there is more to forget. */
  private async tidy(): Promise<boolean> {
    const lost = await this.store.releaseLost(null);
    if (lost > 0) this.log.warn({ events: lost }, 'events that were left running are queued again');
    this.dispatcher.learn();
    this.dispatcher.expire();
    const { mayBeMore, dropped } = await this.store.forgetExpired(forgottenAtOnce);
    if (dropped) {
      this.log.warn(
        dropped,
        'dead events went before their time, because ended events take more than GLAMBDAR_KEPT_EVENT_BYTES',
      );
    }
    return mayBeMore;
  }
}
