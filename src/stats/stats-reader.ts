import { Injectable } from '@nestjs/common';
import { Clock } from '../common/time/clock.js';
import type { FunctionName } from '../functions/function-name.js';
import { EventDepths } from '../events/event-depths.js';
import type { QueueDepth } from '../events/store/event-store.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction } from '../functions/function.js';
import { SandboxService } from '../sandbox/sandbox.service.js';
import {
  type Attention,
  functionAttention,
  mostSevereFirst,
  recentMinutes,
  serverAttention,
} from './attention.js';
import { CallStatistics } from './call-statistics.js';
import type { CallTotals } from './series/call-ring.js';
import { CallSeries, type SeriesReading, type WindowMinutes } from './series/call-series.js';
import { type ServerFacts, ServerFactsReader } from './server-facts.js';

/** A function and its calls in the time asked for. */
export interface CalledFunction {
  readonly name: FunctionName;
  readonly series: CallSeries;
  readonly totals: CallTotals;
}

/** Events of a function that wait, run or are dead. */
export interface FunctionEvents {
  readonly name: FunctionName;
  readonly depth: QueueDepth;
}

/** What there is to show. */
export interface Stats {
  readonly nowMs: number;
  readonly minutes: WindowMinutes;
  /** Of the function asked for or of the server; undefined for somebody who may not see it. */
  readonly series: SeriesReading | undefined;
  /** The busiest first. */
  readonly functions: readonly CalledFunction[];
  /** Those with the most that wait or are dead first. */
  readonly events: readonly FunctionEvents[];
  readonly server: ServerFacts | undefined;
  readonly attention: readonly Attention[];
}

/** The series of a function without calls. */
const neverCalled = new CallSeries();

const mostAttention = 100;

const mostWithEvents = 500;

/** Puts together what somebody who looks at the server is shown. */
@Injectable()
export class StatsReader {
  constructor(
    private readonly calls: CallStatistics,
    private readonly facts: ServerFactsReader,
    private readonly registry: FunctionRegistry,
    private readonly sandboxes: SandboxService,
    private readonly depths: EventDepths,
    private readonly clock: Clock,
  ) {}

  /** Of the functions that `isSeen` names, and of the server if it is seen. */
  async all(
    minutes: WindowMinutes,
    isSeen: (functionName: string) => boolean,
    seesServer: boolean,
  ): Promise<Stats> {
    const server = seesServer ? await this.facts.read() : undefined;
    const depths = await this.depths.read();
    const nowMs = this.clock.wallTime().getTime();
    const functions = this.registry.list().filter(({ name }) => isSeen(name));
    const recent = this.calls.server.lately(recentMinutes, nowMs);
    const attention = [
      ...(server ? serverAttention({ ...server, recent }) : []),
      ...this.attentionOf(functions, depths, nowMs),
    ];
    return {
      nowMs,
      minutes,
      series: seesServer ? this.calls.server.read(minutes, nowMs) : undefined,
      functions: this.called(functions, minutes, nowMs),
      events: eventsOf(functions, depths),
      server,
      attention: mostSevereFirst(attention).slice(0, mostAttention),
    };
  }

  /** Rejects with `FUNCTION_NOT_FOUND`. */
  async one(name: FunctionName, minutes: WindowMinutes): Promise<Stats> {
    const deployed = this.registry.get(name);
    const depths = await this.depths.read();
    const nowMs = this.clock.wallTime().getTime();
    const series = this.calls.of(deployed) ?? neverCalled;
    return {
      nowMs,
      minutes,
      series: series.read(minutes, nowMs),
      functions: [],
      events: eventsOf([deployed], depths),
      server: undefined,
      attention: mostSevereFirst(this.attentionOf([deployed], depths, nowMs)),
    };
  }

  private called(
    functions: readonly DeployedFunction[],
    minutes: WindowMinutes,
    nowMs: number,
  ): CalledFunction[] {
    const called = functions.flatMap((deployed) => {
      const series = this.calls.of(deployed);
      const totals = series?.total(minutes, nowMs);
      return series && totals && totals.of('calls') > 0 ? [{ name: deployed.name, series, totals }] : [];
    });
    return called.sort((a, b) => b.totals.of('calls') - a.totals.of('calls'));
  }

  private attentionOf(
    functions: readonly DeployedFunction[],
    depths: ReadonlyMap<string, QueueDepth>,
    nowMs: number,
  ): Attention[] {
    const lacking = this.sandboxes.lackingContainers();
    return functions.flatMap((deployed) =>
      functionAttention({
        deployed,
        isBroken: this.registry.isBroken(deployed.version.id),
        recent: this.calls.of(deployed)?.lately(recentMinutes, nowMs),
        lacksContainers: lacking.has(deployed.id),
        events: depths.get(deployed.id),
        nowMs,
      }),
    );
  }
}

function eventsOf(
  functions: readonly DeployedFunction[],
  depths: ReadonlyMap<string, QueueDepth>,
): FunctionEvents[] {
  const having = functions.flatMap(({ id, name }) => {
    const depth = depths.get(id);
    return depth && depth.queued + depth.running + depth.dead > 0 ? [{ name, depth }] : [];
  });
  const left = ({ depth }: FunctionEvents) => depth.queued + depth.dead;
  return having.sort((one, other) => left(other) - left(one)).slice(0, mostWithEvents);
}
