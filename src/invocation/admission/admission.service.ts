import { Inject, Injectable } from '@nestjs/common';
import { totalmem } from 'node:os';
import { DomainError } from '../../common/errors/domain-error.js';
import { shareOf, sharesSettings, type SharesSettings } from '../../common/shares/shares.settings.js';
import { Tally } from '../../common/tally.js';
import type { Cancellation } from '../../common/time/cancellation.js';
import { Clock } from '../../common/time/clock.js';
import type { DeployedFunction } from '../../functions/function.js';
import { invocationSettings, type InvocationSettings } from '../invocation.settings.js';
import {
  countedMemoryMiB,
  mayBegin,
  mayRun,
  nextCall,
  retryAfterMs,
  runningLimitOf,
  type Capacity,
  type Lane,
  type Load,
  type Situation,
} from './lane.js';
import { QueueDeadline } from './queue-deadline.js';
import { RunningLoad } from './running-load.js';
import { WaitingCalls, type QueuedCall } from './waiting-calls.js';

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
  /** Those with calls that wait. */
  private readonly waitingLanes = new Set<Lane>();
  private readonly deadline: QueueDeadline;
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
    this.deadline = new QueueDeadline(clock, settings.queueTimeoutMs);
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
    const nowMs = this.clock.monotonicMs();
    const lane = this.laneOf(deployed, nowMs);
    if (mayBegin(lane, keyId, this.waitingLanes, this.situation(nowMs)))
      return this.admit(lane, keyId, nowMs);
    this.refuseWhereFull(lane, keyId);
    const place = await this.waitInLine(lane, { keyId, sinceMs: nowMs }, cancellation);
    if (!cancellation.reason) return place;
    // The place has come in the same moment; it must not be lost.
    place.leave();
    throw cancellation.reason;
  }

  get counts(): { readonly running: number; readonly queued: number } {
    return { running: this.running.load.calls, queued: this.queued };
  }

  /** Calls refused since the start, by whose limit it was. */
  get refused() {
    return this.refusals.byKind;
  }

  private waitInLine(
    lane: Lane,
    { keyId, sinceMs }: Pick<QueuedCall, 'keyId' | 'sinceMs'>,
    cancellation: Cancellation,
  ): Promise<Place> {
    const turn = Promise.withResolvers<Place>();
    const call: QueuedCall = {
      keyId,
      sinceMs,
      admit: (nowMs) => {
        stopListening();
        turn.resolve(this.admit(lane, keyId, nowMs));
      },
      timeOut: () => {
        stopListening();
        this.giveUp(lane, call);
        turn.reject(this.refusal(lane, keyId, 'No place became free in time'));
      },
    };
    if (lane.waiting.size === 0) this.waitingLanes.add(lane);
    lane.waiting.add(call);
    this.queued += 1;
    this.deadline.begin(call);
    const stopListening = cancellation.onCancel((reason) => {
      this.giveUp(lane, call);
      turn.reject(reason);
    });
    return turn.promise;
  }

  private giveUp(lane: Lane, call: QueuedCall): void {
    lane.waiting.remove(call);
    this.hasLeftLine(lane, call);
    // Its turn may have been kept, and others have waited for that.
    this.admitNext(this.clock.monotonicMs());
    this.dropIfEmpty(lane);
  }

  private hasLeftLine(lane: Lane, call: QueuedCall): void {
    this.queued -= 1;
    this.deadline.end(call);
    if (lane.waiting.size === 0) this.waitingLanes.delete(lane);
  }

  private admit(lane: Lane, keyId: string | undefined, sinceMs: number): Place {
    const share = { keyId, memoryMiB: lane.memoryMiB, sinceMs };
    lane.running += 1;
    this.running.add(share);
    return {
      leave: () => {
        const nowMs = this.clock.monotonicMs();
        lane.running -= 1;
        this.running.remove(share);
        this.callMs += newestWeight * (nowMs - sinceMs - this.callMs);
        this.admitNext(nowMs);
        this.dropIfEmpty(lane);
      },
    };
  }

  private admitNext(nowMs: number): void {
    while (this.queued > 0) {
      const next = nextCall(this.waitingLanes, this.situation(nowMs));
      if (!next) return;
      const { lane, call } = next;
      lane.waiting.take(call);
      this.hasLeftLine(lane, call);
      call.admit(nowMs);
    }
  }

  private situation(nowMs: number): Situation {
    return { running: this.running, capacity: this.capacity, nowMs };
  }

  private refuseWhereFull(lane: Lane, keyId: string | undefined): void {
    const laneIsFull = lane.waiting.size >= this.queuedPerFunction || lane.limit === 0;
    if (!laneIsFull && this.queued < this.settings.queued) return;
    this.dropIfEmpty(lane);
    throw this.refusal(lane, keyId, 'Too many calls wait already');
  }

  /** Of a call that waits no more. */
  private refusal(lane: Lane, keyId: string | undefined, why: string): DomainError {
    const owner = this.ownerOfLimit(lane, keyId);
    this.refusals.add(owner);
    const places = { function: lane.limit, key: this.capacity.keyShare.calls, server: this.settings.running }[
      owner
    ];
    const before = owner === 'function' ? lane.waiting.size : this.queued;
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
    return lane.waiting.size >= this.queuedPerFunction ? 'function' : 'server';
  }

  private laneOf({ id, settings }: DeployedFunction, nowMs: number): Lane {
    const limit = runningLimitOf(settings);
    const memoryMiB = countedMemoryMiB(settings.memoryMiB, this.capacity.memoryMiB);
    let lane = this.lanes.get(id);
    if (!lane) {
      lane = { functionId: id, limit, memoryMiB, running: 0, waiting: new WaitingCalls() };
      this.lanes.set(id, lane);
    } else if (lane.limit !== limit || lane.memoryMiB !== memoryMiB) {
      lane.limit = limit;
      lane.memoryMiB = memoryMiB;
      this.admitNext(nowMs);
    }
    return lane;
  }

  private dropIfEmpty(lane: Lane): void {
    if (lane.running + lane.waiting.size === 0) this.lanes.delete(lane.functionId);
  }
}
