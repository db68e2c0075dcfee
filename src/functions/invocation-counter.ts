import { Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import { Clock, type CancelTimer } from '../common/time/clock.js';
import { FunctionStore, type InvocationCount } from './store/function-store.js';

/** What a killed process may lose of the counts: the promise of the HTTP contract, so not a setting. */
const commitEveryMs = 50;

/** Counts of this many functions are committed without waiting, so that no single commit grows beyond it by much. */
const commitAtFunctions = 256;

/**
 * Collects calls and writes them to the store in groups, away from the calls themselves. Holds at most one entry for
 * each function. A commit that fails is repeated together with the next one, so while the process lives no count is
 * lost, and none is added twice.
 */
@Injectable()
export class InvocationCounter {
  private pending = new Map<string, InvocationCount>();
  private committing: Promise<boolean> | undefined;
  private cancelTimer: CancelTimer | undefined;
  private isFailing = false;

  constructor(
    private readonly store: FunctionStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  count(functionId: string, invokedAt: Date): void {
    this.add({ functionId, calls: 1, lastInvokedAt: invokedAt });
    if (this.pending.size >= commitAtFunctions && !this.isFailing) void this.commit();
    else this.commitLater();
  }

  /** Resolves when everything counted before is in the store; false when the store refused it. */
  async flush(): Promise<boolean> {
    while (this.committing) await this.committing;
    const done = await this.commit();
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    return done;
  }

  private commitLater(): void {
    if (this.cancelTimer || this.committing) return;
    this.cancelTimer = this.clock.schedule(commitEveryMs, () => {
      this.cancelTimer = undefined;
      void this.commit();
    });
  }

  private commit(): Promise<boolean> {
    this.committing ??= this.writePending().finally(() => {
      this.committing = undefined;
      if (this.pending.size > 0) this.commitLater();
    });
    return this.committing;
  }

  /** Never rejects. */
  private async writePending(): Promise<boolean> {
    if (this.pending.size === 0) return true;
    const batch = this.pending;
    this.pending = new Map();
    try {
      await this.store.addInvocations([...batch.values()]);
      if (this.isFailing) this.log.info({}, 'counts of invocations are written again');
      this.isFailing = false;
      return true;
    } catch (error) {
      for (const count of batch.values()) this.add(count);
      // Said once, not twenty times a second.
      if (!this.isFailing)
        this.log.warn({ err: error }, 'counts of invocations could not be written; trying again');
      this.isFailing = true;
      return false;
    }
  }

  private add(added: InvocationCount): void {
    const { functionId } = added;
    const known = this.pending.get(functionId);
    this.pending.set(functionId, known ? joined(known, added) : added);
  }
}

function joined(one: InvocationCount, other: InvocationCount): InvocationCount {
  return {
    functionId: one.functionId,
    calls: one.calls + other.calls,
    lastInvokedAt: one.lastInvokedAt > other.lastInvokedAt ? one.lastInvokedAt : other.lastInvokedAt,
  };
}
