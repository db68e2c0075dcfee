import { Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import { ChangeFeed, changeTo, deletionOf, type FunctionChange } from './change-feed.js';
import { FunctionEvents } from './function-events.js';
import { FunctionRegistry } from './function-registry.js';
import type { DeployedFunction } from './function.js';
import { InvocationCounter } from './invocation-counter.js';
import { LoadOutcomes } from './load-outcomes.js';
import { FunctionStore } from './store/function-store.js';

/** Keeps this server's view of the functions up to date: reads the store at the start, then follows the change feed. */
@Injectable()
export class Catalogue {
  private endFollowing: () => void = () => undefined;

  constructor(
    private readonly registry: FunctionRegistry,
    private readonly store: FunctionStore,
    private readonly feed: ChangeFeed,
    private readonly events: FunctionEvents,
    private readonly counter: InvocationCounter,
    private readonly loadOutcomes: LoadOutcomes,
    private readonly log: Log,
  ) {}

  /** Runs before anything looks up a function, so that no registry is seen that misses one. */
  async start(): Promise<void> {
    // Follow first: then no change is missed while the list is read, and one that is in both counts once.
    this.endFollowing = this.feed.follow((change) => {
      this.apply(change);
    });
    for (const deployed of await this.store.list()) this.registry.apply(changeTo(deployed));
  }

  /** Reads a function again when this server's view of it turned out to be stale. */
  async refresh(known: DeployedFunction): Promise<void> {
    const latest = await this.store.find(known.id);
    this.apply(latest ? changeTo(latest) : deletionOf(known));
  }

  /** Calls have ended by now: what they counted is written. */
  async stop(): Promise<void> {
    this.endFollowing();
    await this.loadOutcomes.written();
    if (!(await this.counter.flush())) {
      this.log.error({}, 'the last counts of invocations could not be written and are lost');
    }
  }

  /** Update the registry first, so that listeners find the function in it as announced. */
  private apply(change: FunctionChange): void {
    for (const step of this.registry.apply(change)) {
      if (step.kind === 'deployed') this.events.deployed(step.after);
      else if (step.kind === 'replaced') this.events.replaced(step.before, step.after);
      else this.events.deleted(step.before);
    }
  }
}
