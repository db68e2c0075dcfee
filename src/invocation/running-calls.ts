import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { Cancellation } from '../common/time/cancellation.js';
import { Clock } from '../common/time/clock.js';
import { invocationSettings, type InvocationSettings } from './invocation.settings.js';

/** One call between its first and its last byte. */
export interface RunningCall {
  readonly cancellation: Cancellation;
  /** Call it exactly once. */
  end(): void;
}

/** Knows every call in flight, so that the server can stop: no new ones, the rest in peace, then by force. */
@Injectable()
export class RunningCalls {
  private readonly running = new Set<Cancellation>();
  private draining = false;
  private readonly allEnded = Promise.withResolvers<undefined>();

  constructor(
    private readonly clock: Clock,
    @Inject(invocationSettings.config.KEY) private readonly settings: InvocationSettings,
  ) {}

  get isDraining(): boolean {
    return this.draining;
  }

  get count(): number {
    return this.running.size;
  }

  /** Throws `DRAINING` once the server stops. */
  begin(): RunningCall {
    if (this.draining) throw shuttingDown();
    const cancellation = new Cancellation();
    this.running.add(cancellation);
    return {
      cancellation,
      end: () => {
        this.running.delete(cancellation);
        this.settleWhenDrained();
      },
    };
  }

  /** Lets calls in flight finish within the grace period, then aborts what still runs; resolves when none is left. */
  async drain(): Promise<void> {
    this.draining = true;
    this.settleWhenDrained();
    const cancelForce = this.clock.schedule(this.settings.shutdownGraceSeconds * 1000, () => {
      for (const cancellation of this.running) cancellation.cancel(shuttingDown());
    });
    await this.allEnded.promise;
    cancelForce();
  }

  private settleWhenDrained(): void {
    if (this.draining && this.running.size === 0) this.allEnded.resolve(undefined);
  }
}

function shuttingDown(): DomainError {
  return new DomainError('DRAINING', 'The server is shutting down; try again shortly.', {
    retryAfterMs: 5000,
  });
}
