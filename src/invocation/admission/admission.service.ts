import { Inject, Injectable } from '@nestjs/common';
import { totalmem } from 'node:os';
import { DomainError } from '../../common/errors/domain-error.js';
import { Tally } from '../../common/tally.js';
import type { Cancellation } from '../../common/time/cancellation.js';
import { Clock } from '../../common/time/clock.js';
import { withDeadline } from '../../common/time/deadline.js';
import type { DeployedFunction } from '../../functions/function.js';
import { invocationSettings, type InvocationSettings } from '../invocation.settings.js';
import {
  fits,
  nextLane,
  retryAfterMs,
  runningLimitOf,
  type Lane,
  type Load,
  type QueuedCall,
} from './lane.js';

/** A place among the running calls; leave it exactly once. */
export interface Place {
  leave(): void;
}

/** The engine, the server and what stands ready need room beside the calls. */
function mostOfMachineMiB(): number {
  return Math.floor((totalmem() * 3) / 4 / 1024 / 1024);
}

/** Weight of the newest call in the average of how long calls hold their places. */
const newestWeight = 0.1;

/** The one bounded, fair queue in front of all calls. A call that has its place runs; nobody waits without a limit. */
@Injectable()
export class AdmissionService {
  private readonly lanes = new Map<string, Lane>();
  private taken: Load = { calls: 0, memoryMiB: 0 };
  private readonly capacity: Load;
  private queued = 0;
  private callMs = 100;
  private readonly refusals = new Tally<'function' | 'server'>();

  constructor(
    private readonly clock: Clock,
    @Inject(invocationSettings.config.KEY) private readonly settings: InvocationSettings,
  ) {
    const memoryMiB = settings.runningMemoryMiB === 0 ? mostOfMachineMiB() : settings.runningMemoryMiB;
    this.capacity = { calls: settings.running, memoryMiB };
  }

  /** Rejects with `CONCURRENCY_LIMIT` (the function's limits) or `OVERLOADED` (the server's), or the cancellation's reason. */
  async enter(deployed: DeployedFunction, cancellation: Cancellation): Promise<Place> {
    const lane = this.laneOf(deployed);
    if (this.mayRunAtOnce(lane)) return this.admit(lane);
    this.refuseWhereFull(lane);
    return this.waitInLine(lane, cancellation);
  }

  get counts(): { readonly running: number; readonly queued: number } {
    return { running: this.taken.calls, queued: this.queued };
  }

  /** Calls refused since the start, by whose limit it was. */
  get refused() {
    return this.refusals.byKind;
  }

  private async waitInLine(lane: Lane, cancellation: Cancellation): Promise<Place> {
    const turn = Promise.withResolvers<Place>();
    let place: Place | undefined;
    const call: QueuedCall = {
      admit: () => {
        place = this.admit(lane);
        turn.resolve(place);
      },
    };
    lane.waiting.push(call);
    this.queued += 1;
    try {
      return await withDeadline(this.clock, turn.promise, {
        withinMs: this.settings.queueTimeoutMs,
        onTimeout: () => this.refusal(lane, 'No place became free in time'),
        cancellation,
      });
    } catch (error) {
      this.forget(lane, call);
      // The place may have come in the same moment as the deadline; it must not be lost.
      place?.leave();
      throw error;
    }
  }

  private admit(lane: Lane): Place {
    const sinceMs = this.clock.monotonicMs();
    const { memoryMiB } = lane;
    lane.running += 1;
    this.take(1, memoryMiB);
    return {
      leave: () => {
        lane.running -= 1;
        this.take(-1, -memoryMiB);
        this.callMs += newestWeight * (this.clock.monotonicMs() - sinceMs - this.callMs);
        this.admitNext();
        this.dropIfEmpty(lane);
      },
    };
  }

  /** Whoever is next and does not fit yet is waited for: smaller calls that went by would keep a large one out for ever. */
  private admitNext(): void {
    while (this.queued > 0) {
      const lane = nextLane(this.lanes.values());
      if (!lane || !fits(this.taken, this.capacity, lane.memoryMiB)) return;
      this.queued -= 1;
      lane.waiting.shift()?.admit();
    }
  }

  private mayRunAtOnce(lane: Lane): boolean {
    if (lane.running >= lane.limit || lane.waiting.length > 0) return false;
    const isNext = this.queued === 0 || nextLane(this.lanes.values()) === undefined;
    return isNext && fits(this.taken, this.capacity, lane.memoryMiB);
  }

  private take(calls: number, memoryMiB: number): void {
    this.taken = { calls: this.taken.calls + calls, memoryMiB: this.taken.memoryMiB + memoryMiB };
  }

  private forget(lane: Lane, call: QueuedCall): void {
    const index = lane.waiting.indexOf(call);
    if (index < 0) return;
    lane.waiting.splice(index, 1);
    this.queued -= 1;
    this.dropIfEmpty(lane);
  }

  private refuseWhereFull(lane: Lane): void {
    const laneIsFull = lane.waiting.length >= this.settings.queuedPerFunction || lane.limit === 0;
    if (!laneIsFull && this.queued < this.settings.queued) return;
    this.dropIfEmpty(lane);
    throw this.refusal(lane, 'Too many calls wait already');
  }

  /** Whose limit it was decides whose fault it is: the function's own, or the server's. */
  private refusal(lane: Lane, why: string): DomainError {
    const ownLimit = lane.running >= lane.limit || lane.waiting.length >= this.settings.queuedPerFunction;
    this.refusals.add(ownLimit ? 'function' : 'server');
    const places = ownLimit ? lane.limit : this.settings.running;
    const before = ownLimit ? lane.waiting.length : this.queued;
    const details = { retryAfterMs: retryAfterMs(before, { callMs: this.callMs, places }) };
    return ownLimit
      ? new DomainError('CONCURRENCY_LIMIT', `${why} for this function; call it less often.`, details)
      : new DomainError('OVERLOADED', `${why} on this server; try again later.`, details);
  }

  private laneOf({ id, settings }: DeployedFunction): Lane {
    const limit = runningLimitOf(settings);
    const { memoryMiB } = settings;
    let lane = this.lanes.get(id);
    if (!lane) {
      lane = { functionId: id, limit, memoryMiB, running: 0, waiting: [] };
      this.lanes.set(id, lane);
    } else if (lane.limit !== limit || lane.memoryMiB !== memoryMiB) {
      lane.limit = limit;
      lane.memoryMiB = memoryMiB;
      this.admitNext();
    }
    return lane;
  }

  private dropIfEmpty(lane: Lane): void {
    if (lane.running + lane.waiting.length === 0) this.lanes.delete(lane.functionId);
  }
}
