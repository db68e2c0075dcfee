import { Inject, Injectable } from '@nestjs/common';
import type { Counter, Histogram } from 'prom-client';
import { errorCodes, faultOf, type Fault } from '../common/errors/error-codes.js';
import { FunctionEvents } from '../functions/function-events.js';
import type { FunctionName } from '../functions/function-name.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { EndedCalls, type EndedCall } from '../invocation/ended-calls.js';
import type { SandboxOrigin } from '../sandbox/sandbox.js';
import { BoundedFunctions } from './bounded-functions.js';
import { MetricsRegistry } from './metrics-registry.js';
import { metricsSettings, type MetricsSettings } from './metrics.settings.js';

/** The class of the handler's own status, or whose fault it was that there is none. */
type OutcomeClass = '2xx' | '3xx' | '4xx' | '5xx' | Fault;
const outcomeClasses: readonly OutcomeClass[] = [
  '2xx',
  '3xx',
  '4xx',
  '5xx',
  'caller',
  'function',
  'platform',
];
const origins: readonly SandboxOrigin[] = ['fresh-pool', 'stem', 'cold', 'warm'];

/** The series of one function, found once: a call must not look them up by their labels. */
interface FunctionSeries {
  readonly duration: Histogram.Internal<string>;
  readonly outcomes: ReadonlyMap<OutcomeClass, Counter.Internal>;
}

/** Counts and times every call that reached a function, in a few microseconds each. */
@Injectable()
export class InvocationMetrics {
  private readonly invocations: Counter;
  private readonly durations: Histogram;
  private readonly errors: Counter;
  private readonly requestBytes: Counter;
  private readonly responseBytes: Counter;
  private readonly queue: Histogram;
  private readonly handler: Histogram;
  private readonly container: ReadonlyMap<SandboxOrigin, Histogram.Internal<string>>;
  private readonly functions: BoundedFunctions<FunctionSeries>;

  constructor(
    metrics: MetricsRegistry,
    endedCalls: EndedCalls,
    registry: FunctionRegistry,
    events: FunctionEvents,
    @Inject(metricsSettings.config.KEY) { functions }: MetricsSettings,
  ) {
    this.invocations = metrics.counter({
      name: 'glambdar_invocations_total',
      help: 'Calls that reached a function, by the class of its status, or by whose fault it was that it gave none.',
      labels: ['function', 'outcome'],
    });
    this.durations = metrics.histogram({
      name: 'glambdar_invocation_duration_seconds',
      help: 'Time of a whole call, from the wish for a place to its end.',
      labels: ['function'],
    });
    this.errors = metrics.counter({
      name: 'glambdar_invocation_errors_total',
      help: 'Calls that reached a function and were answered with an error of docs/errors.md.',
      labels: ['fault', 'code'],
    });
    this.requestBytes = metrics.counter({
      name: 'glambdar_invocation_request_bytes_total',
      help: 'Bytes of the bodies that functions were given.',
    });
    this.responseBytes = metrics.counter({
      name: 'glambdar_invocation_response_bytes_total',
      help: 'Bytes of the bodies that functions answered with.',
    });
    this.queue = metrics.histogram({
      name: 'glambdar_invocation_queue_duration_seconds',
      help: 'Time that a call waited for a place among the running ones.',
    });
    const container = metrics.histogram({
      name: 'glambdar_invocation_container_duration_seconds',
      help: 'Time until a call had its container, by how it came by it: fresh-pool, stem, cold or warm.',
      labels: ['origin'],
    });
    this.handler = metrics.histogram({
      name: 'glambdar_invocation_handler_duration_seconds',
      help: 'Time between a call and the answer of its container, the handler in the middle.',
    });
    this.container = new Map(origins.map((origin) => [origin, container.labels(origin)]));
    this.functions = new BoundedFunctions(
      functions,
      (name) => registry.find(name as FunctionName) !== undefined,
      (label) => this.seriesOf(label),
    );
    // A rate can only be told of a series that was there before its first error.
    for (const code of errorCodes)
      if (faultOf(code) !== 'caller') this.errors.inc({ fault: faultOf(code), code }, 0);
    events.onDeleted(({ name }) => {
      this.forget(name);
    });
    endedCalls.onEnded((ended) => {
      this.count(ended);
    });
  }

  private count(ended: EndedCall): void {
    const { invocation, deployed, outcome, responseBytes } = ended;
    const { duration, outcomes } = this.functions.of(deployed.name);
    outcomes.get(classOf(ended))?.inc();
    if (outcome !== 'success') this.errors.inc({ fault: faultOf(outcome), code: outcome });
    this.requestBytes.inc(invocation.payload.bytes);
    this.responseBytes.inc(responseBytes);
    const { queueMs, containerMs, origin, handlerMs, totalMs } = invocation.trace.timings;
    if (totalMs !== undefined) duration.observe(totalMs / 1000);
    if (queueMs !== undefined) this.queue.observe(queueMs / 1000);
    if (containerMs !== undefined && origin) this.container.get(origin)?.observe(containerMs / 1000);
    if (handlerMs !== undefined) this.handler.observe(handlerMs / 1000);
  }

  private seriesOf(label: string): FunctionSeries {
    const outcomes = outcomeClasses.map(
      (outcome) => [outcome, this.invocations.labels(label, outcome)] as const,
    );
    return { duration: this.durations.labels(label), outcomes: new Map(outcomes) };
  }

  private forget(name: string): void {
    if (!this.functions.forget(name)) return;
    this.durations.remove(name);
    for (const outcome of outcomeClasses) this.invocations.remove(name, outcome);
  }
}

/** A value has no status: it is what was asked for. */
function classOf({ outcome, statusCode = 200 }: EndedCall): OutcomeClass {
  if (outcome !== 'success') return faultOf(outcome);
  if (statusCode < 300) return '2xx';
  if (statusCode < 400) return '3xx';
  return statusCode < 500 ? '4xx' : '5xx';
}
