import { fairShareSettings } from '../../src/common/budgets/fair-share.settings.js';
import { Installation } from '../../src/common/installation/installation.js';
import { EventFeed } from '../../src/events/event-feed.js';
import { EventService, type Submission } from '../../src/events/event.service.js';
import type { EventId, EventRecord } from '../../src/events/event.js';
import type { EventBudget } from '../../src/events/store/event-store.js';
import { eventsSettings, type EventsSettings } from '../../src/events/events.settings.js';
import { EventsLifecycle } from '../../src/events/events-lifecycle.js';
import { Dispatcher } from '../../src/events/dispatch/dispatcher.js';
import { EventRunner } from '../../src/events/dispatch/event-runner.js';
import { Settler } from '../../src/events/dispatch/settler.js';
import { Upkeep } from '../../src/events/dispatch/upkeep.js';
import { DrainRates } from '../../src/events/drain-rates.js';
import { changeTo, deletionOf } from '../../src/functions/change-feed.js';
import { FunctionEvents } from '../../src/functions/function-events.js';
import { FunctionRegistry } from '../../src/functions/function-registry.js';
import type { ChosenSettings, DeployedFunction } from '../../src/functions/function.js';
import { InvocationCounter } from '../../src/functions/invocation-counter.js';
import { AdmissionService } from '../../src/invocation/admission/admission.service.js';
import type { Invocation, InvocationResult } from '../../src/invocation/invocation.js';
import { invocationSettings, type InvocationSettings } from '../../src/invocation/invocation.settings.js';
import { RunningCalls } from '../../src/invocation/running-calls.js';
import { InMemoryEventStore } from '../fakes/in-memory-event-store.js';
import { InMemoryFunctionStore } from '../fakes/in-memory-function-store.js';
import { ManualClock } from '../fakes/manual-clock.js';
import { RecordingLog } from '../fakes/recording-log.js';
import { eventRequest } from './builders/events.js';
import { deployedFunction, settingsFor } from './builders/functions.js';
import { until } from './eventually.js';

export type Handler = (invocation: Invocation) => InvocationResult | Promise<InvocationResult>;

/** An answer of a handler with this status. */
export function answer(statusCode = 200, body = ''): InvocationResult {
  return {
    head: { statusCode, headers: {}, claimedBytes: undefined },
    body: Buffer.from(body),
    stream: undefined,
  };
}

interface Choices {
  readonly calls?: Partial<InvocationSettings>;
  readonly events?: Partial<EventsSettings>;
  readonly budget?: EventBudget;
}

/** Everything of events above a store in memory; what handlers do is the test's to say. */
export class EventsWorld {
  readonly clock = new ManualClock();
  readonly log = new RecordingLog();
  readonly store: InMemoryEventStore;
  readonly feed = new EventFeed();
  readonly functionEvents = new FunctionEvents(this.log);
  readonly functions: FunctionRegistry;
  readonly drainRates = new DrainRates(this.clock);
  readonly runningCalls: RunningCalls;
  readonly admission: AdmissionService;
  readonly settler: Settler;
  readonly service: EventService;
  readonly runner: EventRunner;
  readonly dispatcher: Dispatcher;
  readonly lifecycle: EventsLifecycle;
  /** What ran, in this order. */
  readonly begun: Invocation[] = [];
  /** Calls wait for theirs without end. */
  hasNoContainers = false;
  private readonly handlers = new Map<string, Handler>();

  constructor({ calls, events, budget }: Choices = {}) {
    this.store = new InMemoryEventStore(this.clock, budget);
    const { clock, log, store, feed } = this;
    const callSettings = settingsFor(invocationSettings, calls);
    const settings = settingsFor(eventsSettings, events);
    const shares = settingsFor(fairShareSettings);
    const installation = Installation.at('/nowhere', '0123abcd');
    this.functions = new FunctionRegistry(
      new InvocationCounter(new InMemoryFunctionStore(), clock, log),
      clock,
      1000,
    );
    this.runningCalls = new RunningCalls(clock, callSettings, shares);
    this.admission = new AdmissionService(clock, callSettings, shares);
    this.settler = new Settler(store, clock, log);
    this.service = new EventService(
      store,
      this.functions,
      this.runningCalls,
      this.drainRates,
      feed,
      clock,
      settings,
      callSettings,
    );
    this.runner = new EventRunner(
      { invoke: (invocation) => this.invoke(invocation) },
      this.functions,
      this.runningCalls,
      this.settler,
      feed,
      this.drainRates,
      installation,
      clock,
      log,
      settings,
    );
    this.dispatcher = new Dispatcher(
      store,
      this.runner,
      this.functions,
      this.admission,
      feed,
      installation,
      clock,
      log,
    );
    const upkeep = new Upkeep(store, this.runner, this.dispatcher, installation, clock, log);
    this.lifecycle = new EventsLifecycle(
      store,
      this.dispatcher,
      this.runner,
      upkeep,
      this.settler,
      this.drainRates,
      this.functions,
      this.functionEvents,
      installation,
      log,
    );
  }

  /** A function whose handler does this; it answers with 200 unless the test says otherwise. */
  deploy(name: string, settings: ChosenSettings = {}, handler: Handler = () => answer()): DeployedFunction {
    const deployed = deployedFunction({ name, settings });
    this.handlers.set(name, handler);
    this.functions.apply(changeTo(deployed));
    this.functionEvents.deployed(deployed);
    return deployed;
  }

  /** Its settings change. */
  replace(before: DeployedFunction, settings: ChosenSettings): void {
    const made = deployedFunction({ name: before.name, settings, revision: before.revision + 1 });
    const after = { ...made, id: before.id };
    this.functions.apply(changeTo(after));
    this.functionEvents.replaced(before, after);
  }

  remove(deployed: DeployedFunction): void {
    this.functions.apply(deletionOf(deployed));
    this.functionEvents.deleted(deployed);
  }

  async submit({ name }: DeployedFunction, fields: Partial<Submission> = {}): Promise<EventId> {
    const { id } = await this.service.submit({
      functionName: name,
      request: eventRequest,
      source: { kind: 'http' },
      keyId: undefined,
      orderingKey: undefined,
      idempotency: undefined,
      ...fields,
    });
    return id;
  }

  async record(id: EventId): Promise<EventRecord> {
    const found = await this.store.find(id);
    if (!found) throw new Error('There is no such event.');
    return found;
  }

  /** The event once it is in one of these states; no time passes. */
  async reaches(id: EventId, ...states: readonly EventRecord['state'][]): Promise<EventRecord> {
    await until(async () => states.includes((await this.record(id)).state));
    return this.record(id);
  }

  private async invoke(invocation: Invocation): Promise<InvocationResult> {
    const deployed = this.functions.get(invocation.target.name);
    const permit = await this.admission.acquire(deployed, invocation);
    try {
      invocation.trace.begins();
      invocation.trace.admitted();
      if (this.hasNoContainers) return await cancelled(invocation);
      invocation.trace.provided('cold');
      this.begun.push(invocation);
      return await (this.handlers.get(deployed.name) ?? (() => answer()))(invocation);
    } finally {
      permit.release();
    }
  }
}

function cancelled({ cancellation }: Invocation): Promise<InvocationResult> {
  return new Promise((resolve) => {
    cancellation.onCancel((error) => {
      resolve({ fault: 'platform', error });
    });
  });
}
