import { ApiProperty } from '../common/openapi/documentation.js';
import {
  type Attention,
  attentionCodes,
  type AttentionCode,
  severities,
  type Severity,
} from './attention.js';
import type { CallTotals } from './series/call-ring.js';
import { p50Of, p99Of, type SeriesReading, stepSecondsOf, type WindowMinutes } from './series/call-series.js';
import { Disk } from './disk.js';
import { EngineState } from './engine-state.js';
import type { ServerFacts } from './server-facts.js';
import type { CalledFunction, FunctionEvents, Stats } from './stats-reader.js';

const counts = { type: 'array', items: { type: 'integer' }, example: [0, 4, 12] } as const;
const durations = {
  type: 'array',
  items: { type: 'number', nullable: true },
  example: [null, 2.3, 2.7],
} as const;
const duration = { type: Number, nullable: true, example: 2.3 } as const;
const aboutRight = 'in milliseconds, at most 19 % off; null if no call ran';

/** Calls over time: one number for each step, the oldest first. The last step is still going on. */
class StatsSeries {
  @ApiProperty({
    format: 'date-time',
    description: 'Start of the first step.',
    example: '2026-01-31T11:00:00.000Z',
  })
  readonly from: string;

  @ApiProperty({
    ...counts,
    description: 'Calls that reached a function and have ended, those refused included.',
  })
  readonly calls: number[];

  @ApiProperty({
    ...counts,
    description: 'Calls among them that failed because of the caller or were refused by a limit of theirs.',
  })
  readonly callerErrors: number[];

  @ApiProperty({ ...counts, description: 'Calls among them that the function failed.' })
  readonly functionErrors: number[];

  @ApiProperty({ ...counts, description: 'Calls among them that the server failed.' })
  readonly platformErrors: number[];

  @ApiProperty({
    ...durations,
    description: `The duration that half of the calls did not exceed, ${aboutRight}.`,
  })
  readonly p50Ms: (number | null)[];

  @ApiProperty({
    ...durations,
    description: `The duration that 99 of 100 calls did not exceed, ${aboutRight}.`,
  })
  readonly p99Ms: (number | null)[];

  constructor({ fromMs, steps }: SeriesReading) {
    const each = (what: Parameters<CallTotals['of']>[0]) => steps.map((totals) => totals.of(what));
    this.from = new Date(fromMs).toISOString();
    this.calls = each('calls');
    this.callerErrors = each('caller');
    this.functionErrors = each('function');
    this.platformErrors = each('platform');
    this.p50Ms = steps.map(p50Of);
    this.p99Ms = steps.map(p99Of);
  }
}

/** One function in the list: its calls in the time asked for, as one. */
class FunctionStats {
  @ApiProperty({ example: 'myfunc' })
  readonly name: string;

  @ApiProperty({ type: 'integer', example: 16 })
  readonly calls: number;

  @ApiProperty({
    type: 'integer',
    description: 'Calls among them that failed, whoever’s fault it was.',
    example: 1,
  })
  readonly errors: number;

  @ApiProperty({ ...duration, description: `Half of the calls took no longer, ${aboutRight}.` })
  readonly p50Ms: number | null;

  @ApiProperty({ ...duration, description: `99 of 100 calls took no longer, ${aboutRight}.` })
  readonly p99Ms: number | null;

  @ApiProperty({
    format: 'date-time',
    description: 'When its last call ended.',
    example: '2026-01-31T11:59:30.000Z',
  })
  readonly lastCallAt: string;

  @ApiProperty({ ...counts, description: 'Calls over time, the oldest first; 60 numbers at most.' })
  readonly sparkline: number[];

  constructor({ name, series, totals }: CalledFunction, minutes: WindowMinutes, nowMs: number) {
    this.name = name;
    this.calls = totals.of('calls');
    this.errors = totals.errors;
    this.p50Ms = p50Of(totals);
    this.p99Ms = p99Of(totals);
    this.lastCallAt = new Date(series.lastCallMs).toISOString();
    this.sparkline = series.sparkline(minutes, nowMs);
  }
}

/** One function in the list of those with events that have not succeeded. */
class EventStats {
  @ApiProperty({ example: 'myfunc' })
  readonly name: string;

  @ApiProperty({
    type: 'integer',
    description: 'Events that wait for an attempt, the first or another.',
    example: 12,
  })
  readonly queued: number;

  @ApiProperty({ type: 'integer', description: 'Events of which an attempt is under way.', example: 1 })
  readonly running: number;

  @ApiProperty({ type: 'integer', description: 'Events that were given up and are still kept.', example: 0 })
  readonly dead: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the first of those that wait was accepted; null if none waits.',
    example: '2026-01-31T11:59:30.000Z',
  })
  readonly oldestAt: string | null;

  constructor({ name, depth }: FunctionEvents) {
    const { queued, running, dead, oldestAcceptedAtMs } = depth;
    this.name = name;
    this.queued = queued;
    this.running = running;
    this.dead = dead;
    this.oldestAt = oldestAcceptedAtMs === null ? null : new Date(oldestAcceptedAtMs).toISOString();
  }
}

class StatsMemory {
  @ApiProperty({
    type: 'integer',
    description: 'Memory limits of the containers that are kept ready, together.',
    example: 512,
  })
  readonly containersMiB: number;

  @ApiProperty({ type: 'integer', description: 'Most that these may be.', example: 4096 })
  readonly budgetMiB: number;

  constructor(containersMiB: number, budgetMiB: number) {
    this.containersMiB = containersMiB;
    this.budgetMiB = budgetMiB;
  }
}

/** The server at this moment. */
class StatsServer {
  @ApiProperty({ format: 'date-time', example: '2026-01-31T08:00:00.000Z' })
  readonly startedAt: string;

  @ApiProperty({ example: '0.1.0' })
  readonly version: string;

  @ApiProperty({ type: 'integer', description: 'Calls that have their container.', example: 2 })
  readonly running: number;

  @ApiProperty({ type: 'integer', description: 'Calls that wait to run or for a container.', example: 0 })
  readonly waiting: number;

  @ApiProperty({
    type: 'integer',
    description: 'Containers with a function loaded that wait for a call.',
    example: 3,
  })
  readonly readyContainers: number;

  @ApiProperty({
    type: 'integer',
    description: 'Containers that have booted, without a function.',
    example: 1,
  })
  readonly prewarmedContainers: number;

  @ApiProperty()
  readonly memory: StatsMemory;

  @ApiProperty()
  readonly engine: EngineState;

  @ApiProperty({
    type: Disk,
    nullable: true,
    description: 'The disk of the server’s directory; null if it cannot be read.',
  })
  readonly disk: Disk | null;

  constructor({ startedAt, version, load, isEngineUp, disk }: ServerFacts) {
    this.startedAt = startedAt.toISOString();
    this.version = version;
    this.running = load.running;
    this.waiting = load.waiting;
    this.readyContainers = load.ready;
    this.prewarmedContainers = load.prewarmed;
    this.memory = new StatsMemory(load.keptMiB, load.budgetMiB);
    this.engine = new EngineState(isEngineUp);
    this.disk = disk;
  }
}

/** Something that somebody should look at. */
class AttentionResponse {
  @ApiProperty({
    enum: severities,
    description: '`error`: calls fail. `warning`: they may.',
    example: 'error',
  })
  readonly severity: Severity;

  @ApiProperty({ enum: attentionCodes, example: 'FUNCTION_FAILING' })
  readonly code: AttentionCode;

  @ApiProperty({
    description: 'What is wrong and what to do.',
    example:
      'The code of myfunc does not load, so its calls fail: see why at the function, then publish a version that loads.',
  })
  readonly message: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The function that it is about; null: the server.',
    example: 'myfunc',
  })
  readonly function: string | null;

  constructor({ severity, code, message, functionName }: Attention) {
    this.severity = severity;
    this.code = code;
    this.message = message;
    this.function = functionName;
  }
}

/** What `GET /stats` answers. */
export class StatsResponse {
  @ApiProperty({ format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly now: string;

  @ApiProperty({
    type: 'integer',
    enum: [60, 300],
    description: 'Length of a step: 60 for an hour, otherwise 300.',
    example: 60,
  })
  readonly stepSeconds: number;

  @ApiProperty({
    type: StatsSeries,
    nullable: true,
    description:
      'Of the function asked for, otherwise of the whole server; then null for a key that may not see the server.',
  })
  readonly series: StatsSeries | null;

  @ApiProperty({
    type: [FunctionStats],
    description:
      'Functions that were called, the busiest first; 500 at most. Empty if one function was asked for.',
  })
  readonly functions: readonly FunctionStats[];

  @ApiProperty({
    type: [EventStats],
    description:
      'Functions with events that wait, run or are dead, those with the most that wait or are dead first; 500 at most.',
  })
  readonly events: readonly EventStats[];

  @ApiProperty({
    type: StatsServer,
    nullable: true,
    description: 'Null for a key that may not see the server, and if one function was asked for.',
  })
  readonly server: StatsServer | null;

  @ApiProperty({ type: [AttentionResponse], description: 'Errors first; 100 at most.' })
  readonly attention: readonly AttentionResponse[];

  constructor({ nowMs, minutes, series, functions, events, server, attention }: Stats) {
    this.now = new Date(nowMs).toISOString();
    this.stepSeconds = stepSecondsOf(minutes);
    this.series = series ? new StatsSeries(series) : null;
    this.functions = functions.map((called) => new FunctionStats(called, minutes, nowMs));
    this.events = events.map((one) => new EventStats(one));
    this.server = server ? new StatsServer(server) : null;
    this.attention = attention.map((one) => new AttentionResponse(one));
  }
}
