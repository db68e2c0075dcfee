import { Inject, Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { errorCodes, type Fault, faultOf } from '../common/errors/error-codes.js';
import { FunctionEvents } from '../functions/function-events.js';
import type { FunctionName } from '../functions/function-name.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { AdmissionService } from '../invocation/admission/admission.service.js';
import { type EndedCall, EndedCalls } from '../invocation/invocation.js';
import type { SandboxOrigin } from '../sandbox/sandbox.js';
import { RequestBodies } from '../triggers/http/request.js';
import { Durations, MetricsRegistry } from './metrics-registry.js';
import { metricsSettings, type MetricsSettings } from './metrics.settings.js';

/** The class of the handler's own status, or whose fault it was that there is none. */
type OutcomeClass = '2xx' | '3xx' | '4xx' | '5xx' | Fault;

/** What is counted of one function. */
class FunctionCounts {
  readonly durations = new Durations();
  readonly outcomes = {
    '2xx': 0,
    '3xx': 0,
    '4xx': 0,
    '5xx': 0,
    caller: 0,
    function: 0,
    platform: 0,
  } satisfies Record<OutcomeClass, number>;
}

/** Counts and times every call that reached a function, in plain numbers that are read when somebody asks. */
@Injectable()
export class InvocationMetrics {
  private readonly errors: Counter;
  private requestBytes = 0;
  private responseBytes = 0;
  private readonly queue = new Durations();
  private readonly handler = new Durations();
  private readonly container: Readonly<Record<SandboxOrigin, Durations>> = {
    'fresh-pool': new Durations(),
    prewarmed: new Durations(),
    cold: new Durations(),
    warm: new Durations(),
  };
  private readonly functions: BoundedFunctions<FunctionCounts>;

  constructor(
    metrics: MetricsRegistry,
    endedCalls: EndedCalls,
    registry: FunctionRegistry,
    events: FunctionEvents,
    @Inject(metricsSettings.config.KEY) { functions }: MetricsSettings,
  ) {
    this.functions = new BoundedFunctions(
      functions,
      (name) => registry.find(name as FunctionName) !== undefined,
      () => new FunctionCounts(),
    );
    this.defineCounts(metrics);
    this.defineDurations(metrics);
    this.errors = metrics.counter({
      name: 'glambdar_invocation_errors_total',
      help: 'Calls that reached a function and were answered with an error of docs/errors.md.',
      labels: ['fault', 'code'],
    });
    // A rate can only be computed of a series that was there before its first error.
    for (const code of errorCodes)
      if (faultOf(code) !== 'caller') this.errors.inc({ fault: faultOf(code), code }, 0);
    events.onDeleted(({ name }) => {
      this.functions.forget(name);
    });
    endedCalls.onEnded((ended) => {
      this.count(ended);
    });
  }

  private defineCounts(metrics: MetricsRegistry): void {
    metrics.counts(
      {
        name: 'glambdar_invocations_total',
        help: 'Calls that reached a function, by the class of its status, or by whose fault it was that it gave none.',
        labels: ['function', 'outcome'],
      },
      () =>
        [...this.functions].flatMap(([name, { outcomes }]) =>
          Object.entries(outcomes).map(([outcome, count]) => [{ function: name, outcome }, count] as const),
        ),
    );
    metrics.readFrom(
      () => this,
      [
        {
          type: 'counter',
          name: 'glambdar_invocation_request_bytes_total',
          help: 'Bytes of the bodies that functions were given.',
          value: ({ requestBytes }) => requestBytes,
        },
        {
          type: 'counter',
          name: 'glambdar_invocation_response_bytes_total',
          help: 'Bytes of the bodies that functions answered with.',
          value: ({ responseBytes }) => responseBytes,
        },
      ],
    );
  }

  private defineDurations(metrics: MetricsRegistry): void {
    metrics.durations(
      {
        name: 'glambdar_invocation_duration_seconds',
        help: 'Time of a whole call, its wait in the queue included.',
        labels: ['function'],
      },
      () => [...this.functions].map(([name, { durations }]) => [{ function: name }, durations] as const),
    );
    metrics.durations(
      {
        name: 'glambdar_invocation_queue_duration_seconds',
        help: 'Time that a call waited in the queue until it might run.',
      },
      () => [[{}, this.queue]],
    );
    metrics.durations(
      {
        name: 'glambdar_invocation_container_duration_seconds',
        help: 'Time until a call had its container, by how it came by it: fresh-pool, prewarmed, cold or warm.',
        labels: ['origin'],
      },
      () => Object.entries(this.container).map(([origin, durations]) => [{ origin }, durations] as const),
    );
    metrics.durations(
      {
        name: 'glambdar_invocation_handler_duration_seconds',
        help: 'Time between a call and the answer of its container, the handler in the middle.',
      },
      () => [[{}, this.handler]],
    );
  }

  private count(ended: EndedCall): void {
    const { invocation, deployed, outcome, responseBytes } = ended;
    const { durations, outcomes } = this.functions.of(deployed.name);
    outcomes[classOf(ended)] += 1;
    if (outcome !== 'success') this.errors.inc({ fault: faultOf(outcome), code: outcome });
    this.requestBytes += invocation.payload.bytes;
    this.responseBytes += responseBytes;
    const { queueMs, containerMs, origin, handlerMs, totalMs } = invocation.trace.timings;
    if (totalMs !== undefined) durations.observe(totalMs);
    if (queueMs !== undefined) this.queue.observe(queueMs);
    if (containerMs !== undefined && origin) this.container[origin].observe(containerMs);
    if (handlerMs !== undefined) this.handler.observe(handlerMs);
  }
}

/** A value has no status: it is what was asked for. */
function classOf({ outcome, statusCode = 200 }: EndedCall): OutcomeClass {
  if (outcome !== 'success') return faultOf(outcome);
  if (statusCode < 300) return '2xx';
  if (statusCode < 400) return '3xx';
  return statusCode < 500 ? '4xx' : '5xx';
}

/** The one queue in front of all calls. How long they wait in it is a phase of the call. */
@Injectable()
export class AdmissionMetrics {
  constructor(metrics: MetricsRegistry, admission: AdmissionService, bodies: RequestBodies) {
    metrics.readFrom(
      () => ({ ...admission.counts, refused: admission.refused, bufferedBytes: bodies.heldBytes }),
      [
        {
          type: 'gauge',
          name: 'glambdar_admission_calls',
          help: 'Calls by state: running, or queued until they may run.',
          label: 'state',
          value: ({ running, queued }) => ({ running, queued }),
        },
        {
          type: 'counter',
          name: 'glambdar_admission_refusals_total',
          help: "Calls refused a permit to run, by whose limit it was: the function's, the share of one key, or the server's.",
          label: 'limit',
          value: ({ refused }) => ({ function: 0, key: 0, server: 0, ...refused }),
        },
        {
          type: 'gauge',
          name: 'glambdar_admission_buffered_bytes',
          help: 'Bytes of request bodies that calls hold in memory.',
          value: ({ bufferedBytes }) => bufferedBytes,
        },
      ],
    );
  }
}

/** Stands for all functions that have no series of their own; no function can have this name. */
const otherFunctions = '_other';

/**
 * What is kept for each function, of a bounded number of them: whoever has once seen a thousand functions must not
 * carry a thousand series for ever. The first ones called get series of their own, and lose them when they are deleted.
 */
export class BoundedFunctions<T> {
  private readonly own = new Map<string, T>();
  private readonly other: T;

  /** `isKnown` because a call may end after its function was deleted; it gets nothing of its own then. */
  constructor(
    private readonly maxFunctions: number,
    private readonly isKnown: (name: string) => boolean,
    private readonly make: () => T,
  ) {
    this.other = make();
  }

  /** Each under its name, and what stands for all others, which is the last. */
  *[Symbol.iterator](): Generator<readonly [label: string, kept: T]> {
    yield* this.own;
    yield [otherFunctions, this.other];
  }

  of(name: string): T {
    return this.own.get(name) ?? this.admitted(name);
  }

  forget(name: string): void {
    this.own.delete(name);
  }

  private admitted(name: string): T {
    if (this.own.size >= this.maxFunctions || !this.isKnown(name)) return this.other;
    const made = this.make();
    this.own.set(name, made);
    return made;
  }
}
