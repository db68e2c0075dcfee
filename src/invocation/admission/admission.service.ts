import { Inject, Injectable } from '@nestjs/common';
import { totalmem } from 'node:os';
import { DomainError } from '../../common/errors/domain-error.js';
import { shareOf, sharesSettings, type SharesSettings } from '../../common/shares/shares.settings.js';
import { Tally } from '../../common/tally.js';
import type { Cancellation } from '../../common/time/cancellation.js';
import { Clock } from '../../common/time/clock.js';
import { withDeadline } from '../../common/time/deadline.js';
import type { DeployedFunction } from '../../functions/function.js';
import { invocationSettings, type InvocationSettings } from '../invocation.settings.js';
import {
  countedMemoryMiB,
  fits,
  mayRun,
  nextCall,
  retryAfterMs,
  runningLimitOf,
  type Capacity,
  type Lane,
  type Load,
  type QueuedCall,
} from './lane.js';
import { RunningLoad } from './running-load.js';

/** A place among the running calls; leave it exactly once. */
export interface Place {
  leave(): void;
}

/** Whose limit it is that a call has met. */
export type LimitOwner = 'function' | 'key' | 'server';

/** The engine, the server and what stands ready need room beside the calls. */
function mostOfMachineMiB(): number {
  return Math.floor((totalmem() * 3) / 4 / 1024 / 1024);
}

function shareOfLoad({ calls, memoryMiB }: Load, percent: number): Load {
  return { calls: shareOf(calls, percent), memoryMiB: shareOf(memoryMiB, percent) };
}

/** Weight of the newest call in the average of how long calls hold their places. */
const newestWeight = 0.1;

/** The one bounded, fair queue in front of all calls. A call that has its place runs; nobody waits without a limit. */
@Injectable()
export class AdmissionService {
  private readonly lanes = new Map<string, Lane>();
  private readonly running = new RunningLoad();
  private readonly capacity: Capacity;
  private readonly queuedPerFunction: number;
  private queued = 0;
  private callMs = 100;
  private readonly refusals = new Tally<LimitOwner>();

  constructor(
    private readonly clock: Clock,
    @Inject(invocationSettings.config.KEY) private readonly settings: InvocationSettings,
    @Inject(sharesSettings.config.KEY) { functionPercent, keyPercent }: SharesSettings,
  ) {
    const calls = settings.running;
    const memoryMiB = settings.runningMemoryMiB === 0 ? mostOfMachineMiB() : settings.runningMemoryMiB;
    this.capacity = {
      calls,
      memoryMiB,
      functionShare: shareOfLoad({ calls, memoryMiB }, functionPercent),
      keyShare: shareOfLoad({ calls, memoryMiB }, keyPercent),
    };
    this.queuedPerFunction = Math.min(settings.queuedPerFunction, shareOf(settings.queued, functionPercent));
  }

  /**
   * Rejects with `CONCURRENCY_LIMIT` (the function's limits), `RATE_LIMITED` (its key's share), `OVERLOADED` (the
   * server's limits), or the cancellation's reason.
   */
  async enter(
    deployed: DeployedFunction,
    keyId: string | undefined,
    cancellation: Cancellation,
  ): Promise<Place> {
    const lane = this.laneOf(deployed);
    if (this.queued === 0 && this.mayRunAtOnce(lane, keyId)) return this.admit(lane, keyId);
    return this.waitInLine(lane, keyId, cancellation);
  }

  get counts(): { readonly running: number; readonly queued: number } {
    return { running: this.running.load.calls, queued: this.queued };
  }

  /** Calls refused since the start, by whose limit it was. */
  get refused() {
    return this.refusals.byKind;
  }

  private async waitInLine(
    lane: Lane,
    keyId: string | undefined,
    cancellation: Cancellation,
  ): Promise<Place> {
    const turn = Promise.withResolvers<Place>();
    const call: QueuedCall = {
      keyId,
      sinceMs: this.clock.monotonicMs(),
      admit: () => {
        turn.resolve(this.admit(lane, keyId));
      },
    };
    lane.waiting.push(call);
    this.queued += 1;
    // Others that wait need not be in the way of this one.
    this.admitNext();
    if (!lane.waiting.includes(call)) return turn.promise;
    try {
      this.refuseWhereFull(lane, keyId);
      return await withDeadline(this.clock, turn.promise, {
        withinMs: this.settings.queueTimeoutMs,
        onTimeout: () => this.refusal(lane, keyId, 'No place became free in time'),
        cancellation,
      });
    } catch (error) {
      // The place may have come in the same moment as the deadline; it must not be lost.
      if (!this.takeFromLine(lane, call)) (await turn.promise).leave();
      this.dropIfEmpty(lane);
      throw error;
    }
  }

  private admit(lane: Lane, keyId: string | undefined): Place {
    const sinceMs = this.clock.monotonicMs();
    const share = { keyId, memoryMiB: lane.memoryMiB, sinceMs };
    lane.running += 1;
    this.running.add(share);
    return {
      leave: () => {
        lane.running -= 1;
        this.running.remove(share);
        this.callMs += newestWeight * (this.clock.monotonicMs() - sinceMs - this.callMs);
        this.admitNext();
        this.dropIfEmpty(lane);
      },
    };
  }

  private admitNext(): void {
    while (this.queued > 0) {
      const next = nextCall(this.lanes.values(), this.running, this.capacity, this.clock.monotonicMs());
      if (!next) return;
      this.takeFromLine(next.lane, next.call);
      next.call.admit();
    }
  }

  private mayRunAtOnce(lane: Lane, keyId: string | undefined): boolean {
    return (
      mayRun(lane, keyId, this.running, this.capacity) && fits(this.running, this.capacity, lane.memoryMiB)
    );
  }

  /** False when the call no longer waits. */
  private takeFromLine(lane: Lane, call: QueuedCall): boolean {
    const index = lane.waiting.indexOf(call);
    if (index < 0) return false;
    lane.waiting.splice(index, 1);
    this.queued -= 1;
    return true;
  }

  /** Of a call that is among those that wait already. */
  private refuseWhereFull(lane: Lane, keyId: string | undefined): void {
    const laneIsFull = lane.waiting.length > this.queuedPerFunction || lane.limit === 0;
    if (!laneIsFull && this.queued <= this.settings.queued) return;
    throw this.refusal(lane, keyId, 'Too many calls wait already');
  }

  private refusal(lane: Lane, keyId: string | undefined, why: string): DomainError {
    const owner = this.ownerOfLimit(lane, keyId);
    this.refusals.add(owner);
    const places = { function: lane.limit, key: this.capacity.keyShare.calls, server: this.settings.running }[
      owner
    ];
    const before = (owner === 'function' ? lane.waiting.length : this.queued) - 1;
    const details = { retryAfterMs: retryAfterMs(before, { callMs: this.callMs, places }) };
    switch (owner) {
      case 'function':
        return new DomainError('CONCURRENCY_LIMIT', `${why} for this function; call it less often.`, details);
      case 'key':
        return new DomainError('RATE_LIMITED', `${why} with your key; call less often.`, details);
      case 'server':
        return new DomainError('OVERLOADED', `${why} on this server; try again later.`, details);
      default:
        return owner satisfies never;
    }
  }

  /** Whose limit it was decides whose fault it is: the function's own, its key's, or the server's. */
  private ownerOfLimit(lane: Lane, keyId: string | undefined): LimitOwner {
    if (!mayRun(lane, undefined, this.running, this.capacity)) return 'function';
    if (!mayRun(lane, keyId, this.running, this.capacity)) return 'key';
    return lane.waiting.length > this.queuedPerFunction ? 'function' : 'server';
  }

  private laneOf({ id, settings }: DeployedFunction): Lane {
    const limit = runningLimitOf(settings);
    const memoryMiB = countedMemoryMiB(settings.memoryMiB, this.capacity.memoryMiB);
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
