import { Inject, Injectable } from '@nestjs/common';
import { faultOf } from '../common/errors/error-codes.js';
import { Clock } from '../common/time/clock.js';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction } from '../functions/function.js';
import { type EndedCall, EndedCalls } from '../invocation/invocation.js';
import type { CountedCall } from './series/call-ring.js';
import { CallSeries } from './series/call-series.js';
import { FunctionSeries } from './series/function-series.js';
import { bucketOf } from './series/latency-buckets.js';
import { statsSettings, type StatsSettings } from './stats.settings.js';

/** Counts every call that has ended, for the whole server and for its function. */
@Injectable()
export class CallStatistics {
  readonly server = new CallSeries();
  private readonly functions: FunctionSeries;

  constructor(
    private readonly registry: FunctionRegistry,
    private readonly clock: Clock,
    endedCalls: EndedCalls,
    events: FunctionEvents,
    @Inject(statsSettings.config.KEY) { functions }: StatsSettings,
  ) {
    this.functions = new FunctionSeries(functions);
    endedCalls.onEnded((ended) => {
      this.count(ended);
    });
    events.onDeleted(({ id }) => {
      this.functions.forget(id);
    });
  }

  /** Undefined if the function has no calls that are still known. */
  of({ id }: DeployedFunction): CallSeries | undefined {
    return this.functions.find(id);
  }

  private count(ended: EndedCall): void {
    const { deployed, outcome, invocation } = ended;
    const call = countedCall(ended, this.clock.wallTime().getTime());
    const isNotAdmitted = invocation.trace.timings.queueMs === undefined;
    this.server.count(call, isNotAdmitted && outcome === 'OVERLOADED');
    this.seriesOf(deployed)?.count(call, isNotAdmitted && outcome === 'CONCURRENCY_LIMIT');
  }

  /** A call may end after its function was deleted; it begins no series then. */
  private seriesOf({ id, name }: DeployedFunction): CallSeries | undefined {
    const isKnown = this.functions.find(id) !== undefined || this.registry.find(name)?.id === id;
    return isKnown ? this.functions.called(id) : undefined;
  }
}

function countedCall({ invocation, outcome }: EndedCall, atMs: number): CountedCall {
  const { queueMs, totalMs } = invocation.trace.timings;
  const hasRun = queueMs !== undefined && totalMs !== undefined;
  return {
    atMs,
    fault: outcome === 'success' ? undefined : faultOf(outcome),
    bucket: hasRun ? bucketOf(totalMs) : undefined,
  };
}
