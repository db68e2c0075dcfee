import { Inject, Injectable } from '@nestjs/common';
import { ofShareHolder } from '../common/auth/caller.js';
import { DomainError } from '../common/errors/domain-error.js';
import { SharedBudget, type Shortage } from '../common/budgets/shared-budget.js';
import { shareOf, fairShareSettings, type FairShareSettings } from '../common/budgets/fair-share.settings.js';
import { LinkedList } from '../common/linked-list.js';
import { Cancellation } from '../common/time/cancellation.js';
import { Clock } from '../common/time/clock.js';
import { invocationSettings, type InvocationSettings } from './invocation.settings.js';

/** One call between its first and its last byte. */
export interface RunningCall {
  readonly cancellation: Cancellation;
  /** Call it exactly once. */
  end(): void;
}

/** Tracks every call in flight, so that the server can stop: it takes no new ones, lets the rest finish, then aborts them. */
@Injectable()
export class RunningCalls {
  private readonly running = new LinkedList<Cancellation>();
  /** Counts a call before its body is read, which a client may draw out. */
  private readonly inFlight: SharedBudget;
  private draining = false;
  private readonly allEnded = Promise.withResolvers<undefined>();

  constructor(
    private readonly clock: Clock,
    @Inject(invocationSettings.config.KEY) private readonly settings: InvocationSettings,
    @Inject(fairShareSettings.config.KEY) { keyPercent }: FairShareSettings,
  ) {
    const total = settings.running + settings.queued;
    this.inFlight = new SharedBudget({ total, share: shareOf(total, keyPercent) });
  }

  get isDraining(): boolean {
    return this.draining;
  }

  get count(): number {
    return this.running.size;
  }

  /**
   * Throws `DRAINING` once the server stops, and `OVERLOADED` or `RATE_LIMITED` when as many calls are in flight as may
   * run and wait, or as one holder of a share (`shareHolderOf`) may have of them.
   */
  begin(holder: string | undefined): RunningCall {
    if (this.draining) throw shuttingDown();
    const shortage = this.inFlight.take(holder);
    if (shortage !== undefined) throw tooMany(shortage, holder);
    return this.track(() => {
      this.inFlight.giveBack(holder);
    });
  }

  /**
   * A call that nobody waits for: it takes no caller's place, and is let finish as any other. Throws `DRAINING` once the
   * server stops.
   */
  beginInBackground(): RunningCall {
    if (this.draining) throw shuttingDown();
    return this.track(() => undefined);
  }

  /** Lets calls in flight finish within the grace period, then aborts what still runs; resolves when none is left. */
  async drain(): Promise<void> {
    this.draining = true;
    this.settleWhenDrained();
    const cancelForce = this.clock.schedule(this.settings.shutdownGraceSeconds * 1000, () => {
      for (const cancellation of this.running.values()) cancellation.cancel(shuttingDown());
    });
    await this.allEnded.promise;
    cancelForce();
  }

  private track(onEnd: () => void): RunningCall {
    const cancellation = new Cancellation();
    const link = this.running.add(cancellation);
    return {
      cancellation,
      end: () => {
        this.running.remove(link);
        onEnd();
        this.settleWhenDrained();
      },
    };
  }

  private settleWhenDrained(): void {
    if (this.draining && this.running.isEmpty) this.allEnded.resolve(undefined);
  }
}

function tooMany(shortage: Shortage, holder: string | undefined): DomainError {
  const details = { retryAfterMs: 1000 };
  return shortage === 'share'
    ? new DomainError(
        'RATE_LIMITED',
        `Too many calls ${ofShareHolder(holder)} are in flight; call less often.`,
        details,
      )
    : new DomainError('OVERLOADED', 'Too many calls are in flight on this server; try again later.', details);
}

export function shuttingDown(): DomainError {
  return new DomainError('DRAINING', 'The server is shutting down; try again shortly.', {
    retryAfterMs: 5000,
  });
}
