import { Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import { FunctionRegistry } from './function-registry.js';
import { InvocationCounter } from './invocation-counter.js';
import { LoadOutcomes } from './load-outcomes.js';
import { FunctionStore } from './store/function-store.js';

/** Begins and ends the catalogue with the server, between the opening and the closing of its database. */
@Injectable()
export class FunctionsLifecycle {
  constructor(
    private readonly registry: FunctionRegistry,
    private readonly store: FunctionStore,
    private readonly counter: InvocationCounter,
    private readonly loadOutcomes: LoadOutcomes,
    private readonly log: Log,
  ) {}

  /** Before anybody looks for a function: nobody ever sees a registry that misses one. */
  async start(): Promise<void> {
    for (const deployed of await this.store.list()) this.registry.register(deployed);
  }

  /** Calls have ended by now: what they counted is written. */
  async stop(): Promise<void> {
    await this.loadOutcomes.written();
    if (!(await this.counter.flush())) {
      this.log.error({}, 'the last counts of invocations could not be written and are lost');
    }
  }
}
