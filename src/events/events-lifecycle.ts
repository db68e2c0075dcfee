import { Injectable } from '@nestjs/common';
import { Installation } from '../common/installation/installation.js';
import { Log } from '../common/log/log.js';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { EventRunner } from './dispatch/event-runner.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { Settler } from './dispatch/settler.js';
import { Upkeep } from './dispatch/upkeep.js';
import { DrainRates } from './drain-rates.js';
import { EventStore } from './store/event-store.js';

/** Takes up the events that an earlier run left, follows what becomes of functions, and stops in order. */
@Injectable()
export class EventsLifecycle {
  constructor(
    private readonly store: EventStore,
    private readonly dispatcher: Dispatcher,
    private readonly runner: EventRunner,
    private readonly upkeep: Upkeep,
    private readonly settler: Settler,
    private readonly drainRates: DrainRates,
    private readonly functions: FunctionRegistry,
    private readonly functionEvents: FunctionEvents,
    private readonly installation: Installation,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    await this.store.retainFunctions(this.functions.list().map(({ id }) => id));
    const released = await this.store.releaseLost(this.installation.node.id);
    if (released > 0)
      this.log.info({ events: released }, 'events that an earlier run did not finish run again');
    this.functionEvents.onDeployed((deployed) => {
      this.dispatcher.changed(deployed);
    });
    this.functionEvents.onReplaced((_, after) => {
      this.dispatcher.changed(after);
    });
    this.functionEvents.onDeleted(({ id }) => {
      this.forget(id);
    });
    this.dispatcher.start();
    this.upkeep.start();
  }

  /** Nothing more begins; what runs is waited for as calls are. */
  async stop(): Promise<void> {
    this.settler.stop();
    await this.dispatcher.stop();
    this.runner.giveBackUnbegun();
    this.upkeep.stop();
  }

  private forget(functionId: string): void {
    this.dispatcher.forget(functionId);
    this.drainRates.forget(functionId);
    this.store.forgetFunction(functionId).catch((err: unknown) => {
      this.log.warn(
        { err },
        'events of a deleted function could not be removed; the next start removes them',
      );
    });
  }
}
