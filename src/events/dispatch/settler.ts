import { Injectable } from '@nestjs/common';
import { Log } from '../../common/log/log.js';
import { Clock } from '../../common/time/clock.js';
import { EventStore, type Settlement } from '../store/event-store.js';
import { backOffMs } from './back-off.js';

/** While the server stops, an outcome that cannot be kept is given up after so many tries: the event runs again at the next start. */
const triesWhileStopping = 5;

/** Keeps the outcomes of attempts, also where the store fails for a while. */
@Injectable()
export class Settler {
  private isStopping = false;
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Resolves once the outcome is on the disk: to true, or to false where somebody else has the event by now, or it was deleted.
   * Where the store fails it is tried again, for as long as the server runs: an outcome that is lost is a second run.
   */
  async settle(settlement: Settlement): Promise<boolean> {
    let triesLeft = triesWhileStopping;
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.store.settle(settlement);
      } catch (err) {
        const { eventId } = settlement;
        if (failures === 0)
          this.log.warn({ err, eventId }, 'the outcome of an event could not be kept yet; it is tried again');
        if (this.isStopping) triesLeft -= 1;
        if (triesLeft === 0) {
          this.log.error(
            { err, eventId },
            'the outcome of an event could not be kept; the event will run again',
          );
          return false;
        }
        await this.pause(backOffMs(this.isStopping ? triesWhileStopping - triesLeft : failures));
      }
    }
  }

  /** From now on no outcome is waited for without end. */
  stop(): void {
    this.isStopping = true;
    for (const goOn of this.waiting) goOn();
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const goOn = () => {
        cancelTimer();
        this.waiting.delete(goOn);
        resolve();
      };
      const cancelTimer = this.clock.schedule(ms, goOn);
      this.waiting.add(goOn);
    });
  }
}
