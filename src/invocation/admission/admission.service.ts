import { Inject, Injectable } from '@nestjs/common';
import type { DomainError } from '../../common/errors/domain-error.js';
import {
  shareOf,
  fairShareSettings,
  type FairShareSettings,
} from '../../common/budgets/fair-share.settings.js';
import { LabelledCounter } from '../../common/counters.js';
import { Clock } from '../../common/time/clock.js';
import type { DeployedFunction } from '../../functions/function.js';
import type { Invocation } from '../invocation.js';
import { invocationSettings, type InvocationSettings } from '../invocation.settings.js';
import {
  countedMemoryMiB,
  mayBegin,
  mayRun,
  type NextCall,
  nextCalls,
  PriorityOrder,
  runningLimitOf,
  RunningLoad,
  type Situation,
} from './admission-policy.js';
import {
  backgroundRoom,
  type BackgroundSituation,
  callerLacksRoom,
  hasBackgroundRoom,
  keyHasBackgroundRoom,
  nextInBackground,
} from './background-policy.js';
import { backgroundShareOf, capacityOf, type BackgroundShare, type Capacity } from './capacity.js';
import { FunctionQueue, QueueTimeout, type QueuedCall } from './function-queue.js';
import { type LimitOwner, refusalOf } from './refusals.js';
import { RoomListeners } from './room-listeners.js';

/** A call's permit to run; release it exactly once. */
export interface Permit {
  release(): void;
}

/** What admission needs to know besides the function. */
export type Applicant = Pick<Invocation, 'keyId' | 'priority' | 'cancellation'>;

/** Weight of the newest call in the average of how long calls hold their permits. */
const newestWeight = 0.1;

/**
 * The semaphore in front of all calls, with one bounded, fair queue. A call with a permit runs; every wait has a
 * limit. Calls in the background stand beside that queue, not in it: they get what callers leave, within their share.
 */
@Injectable()
export class AdmissionService {
  private readonly queues = new Map<string, FunctionQueue>();
  /** The queues in which calls wait. */
  private readonly waiting = new Set<FunctionQueue>();
  private readonly timeout: QueueTimeout;
  private readonly priorityOrder = new PriorityOrder();
  private readonly running = new RunningLoad();
  private readonly capacity: Capacity;
  private readonly queuedPerFunction: number;
  private queued = 0;
  private readonly background = new RunningLoad();
  private readonly backgroundShare: BackgroundShare;
  private queuedInBackground = 0;
  private readonly roomListeners: RoomListeners;
  private callMs = 100;
  private readonly refusals = new LabelledCounter<LimitOwner>();

  constructor(
    private readonly clock: Clock,
    @Inject(invocationSettings.config.KEY) private readonly settings: InvocationSettings,
    @Inject(fairShareSettings.config.KEY) shares: FairShareSettings,
  ) {
    this.capacity = capacityOf(settings, shares);
    this.backgroundShare = backgroundShareOf(this.capacity, shares.backgroundPercent);
    this.roomListeners = new RoomListeners(clock);
    this.timeout = new QueueTimeout(clock, settings.queueTimeoutMs);
    this.queuedPerFunction = Math.min(
      settings.queuedPerFunction,
      shareOf(settings.queued, shares.functionPercent),
    );
  }

  /**
   * Rejects with `CONCURRENCY_LIMIT` (the function's limits), `RATE_LIMITED` (its key's share), `OVERLOADED` (the
   * server's limits), or the cancellation's reason. A call in the background that has no room waits as long as a caller
   * may, and takes no place in the queue from one.
   */
  async acquire(deployed: DeployedFunction, applicant: Applicant): Promise<Permit> {
    const { keyId, priority, cancellation } = applicant;
    const nowMs = this.clock.monotonicMs();
    const queue = this.queueOf(deployed, nowMs);
    const begins =
      priority === 'background'
        ? this.mayBeginInBackground(queue, keyId, nowMs)
        : mayBegin(queue, keyId, this.waiting, this.situation(nowMs));
    if (begins) return this.admit(queue, applicant, nowMs);
    this.refuseWhereFull(queue, applicant);
    const permit = await this.wait(queue, applicant, nowMs);
    if (!cancellation.reason) return permit;
    // The permit was granted at the same moment; release it, or it is lost.
    permit.release();
    throw cancellation.reason;
  }

  /**
   * How many calls of the function could begin in the background now, beside those that already wait for it. Whoever asks
   * hears from `onBackgroundRoom` when there may be more.
   */
  backgroundSlots(deployed: DeployedFunction): number {
    this.roomListeners.asked();
    const nowMs = this.clock.monotonicMs();
    if (callerLacksRoom(this.waiting, this.situation(nowMs))) return 0;
    const queue = this.queueOf(deployed, nowMs);
    const room = backgroundRoom(queue, this.backgroundSituation(nowMs)) - this.queuedInBackground;
    this.dropIfEmpty(queue);
    return Math.max(0, room);
  }

  /** The listener runs a moment after callers have left room, if somebody has asked for it; it may find that it has gone. */
  onBackgroundRoom(listener: () => void): void {
    this.roomListeners.add(listener);
  }

  /** Running calls, those in the background included, and waiting callers. */
  get counts(): { readonly running: number; readonly queued: number } {
    return { running: this.running.load.calls, queued: this.queued };
  }

  /** Of the calls in the background. */
  get backgroundCounts(): { readonly running: number; readonly queued: number } {
    return { running: this.background.load.calls, queued: this.queuedInBackground };
  }

  /** Calls refused since the start, by whose limit it was. */
  get refused() {
    return this.refusals.byKind;
  }

  private wait(queue: FunctionQueue, applicant: Applicant, sinceMs: number): Promise<Permit> {
    const { keyId, priority, cancellation } = applicant;
    const permit = Promise.withResolvers<Permit>();
    const call: QueuedCall = {
      keyId,
      priority,
      sinceMs,
      admit: (nowMs) => {
        stopListening();
        permit.resolve(this.admit(queue, applicant, nowMs));
      },
      timeOut: () => {
        stopListening();
        this.giveUp(queue, call);
        permit.reject(this.refusal(queue, applicant, 'No capacity became free in time'));
      },
      placeInQueue: undefined,
      placeInTime: undefined,
    };
    if (queue.isEmpty) this.waiting.add(queue);
    queue.add(call);
    this.countWaiting(call, 1);
    this.timeout.add(call);
    const stopListening = cancellation.onCancel((reason) => {
      this.giveUp(queue, call);
      permit.reject(reason);
    });
    return permit.promise;
  }

  private giveUp(queue: FunctionQueue, call: QueuedCall): void {
    queue.remove(call);
    this.waitsNoMore(queue, call);
    // Memory may have been reserved for it, and others may now use it.
    this.admitNext(this.clock.monotonicMs());
    this.dropIfEmpty(queue);
  }

  private waitsNoMore(queue: FunctionQueue, call: QueuedCall): void {
    this.countWaiting(call, -1);
    this.timeout.remove(call);
    if (queue.isEmpty) this.waiting.delete(queue);
  }

  private countWaiting({ priority }: QueuedCall, change: 1 | -1): void {
    if (priority === 'background') this.queuedInBackground += change;
    else this.queued += change;
  }

  private admit(queue: FunctionQueue, { keyId, priority }: Applicant, sinceMs: number): Permit {
    const load = { keyId, memoryMiB: queue.memoryMiB, sinceMs };
    const inBackground = priority === 'background';
    queue.running += 1;
    this.running.add(load);
    if (inBackground) {
      queue.runningInBackground += 1;
      this.background.add(load);
    }
    return {
      release: () => {
        const nowMs = this.clock.monotonicMs();
        queue.running -= 1;
        this.running.remove(load);
        if (inBackground) {
          queue.runningInBackground -= 1;
          this.background.remove(load);
        } else this.callMs += newestWeight * (nowMs - sinceMs - this.callMs);
        this.admitNext(nowMs);
        this.dropIfEmpty(queue);
      },
    };
  }

  /** Callers first; what they leave is for the background. */
  private admitNext(nowMs: number): void {
    while (this.queued > 0) {
      const next = this.priorityOrder.choose(nextCalls(this.waiting, this.situation(nowMs)));
      if (!next) break;
      this.start(next, nowMs);
    }
    while (this.queuedInBackground > 0) {
      const next = nextInBackground(this.waiting, this.backgroundSituation(nowMs));
      if (!next) break;
      this.start(next, nowMs);
    }
    if (!this.roomListeners.wantToKnow) return;
    if (hasBackgroundRoom(this.waiting, this.backgroundSituation(nowMs))) this.roomListeners.tellSoon();
  }

  private start({ queue, call }: NextCall, nowMs: number): void {
    queue.take(call);
    this.waitsNoMore(queue, call);
    call.admit(nowMs);
  }

  private mayBeginInBackground(queue: FunctionQueue, keyId: string | undefined, nowMs: number): boolean {
    if (queue.backgroundLength > 0) return false;
    const situation = this.backgroundSituation(nowMs);
    if (callerLacksRoom(this.waiting, situation) || !keyHasBackgroundRoom(keyId, queue, situation))
      return false;
    return backgroundRoom(queue, situation) > 0;
  }

  private backgroundSituation(nowMs: number): BackgroundSituation {
    const { running, capacity, background, backgroundShare: share } = this;
    return { running, capacity, nowMs, background, share };
  }

  private situation(nowMs: number): Situation {
    return { running: this.running, capacity: this.capacity, nowMs };
  }

  private refuseWhereFull(queue: FunctionQueue, applicant: Applicant): void {
    const isFull =
      queue.limit === 0 ||
      (applicant.priority === 'background'
        ? this.queuedInBackground >= this.backgroundShare.capacity.calls
        : queue.length >= this.queuedPerFunction || this.queued >= this.settings.queued);
    if (!isFull) return;
    this.dropIfEmpty(queue);
    throw this.refusal(queue, applicant, 'Too many calls are already waiting');
  }

  private refusal(queue: FunctionQueue, { keyId, priority }: Applicant, why: string): DomainError {
    const owner = this.ownerOfLimit(queue, keyId);
    // An event is tried again; nobody was refused anything.
    if (priority !== 'background') this.refusals.add(owner);
    const permits = {
      function: queue.limit,
      key: this.capacity.keyShare.calls,
      server: this.settings.running,
    }[owner];
    const waiting = owner === 'function' ? queue.length : this.queued;
    return refusalOf(owner, why, { waiting, permits, callMs: this.callMs }, keyId);
  }

  private ownerOfLimit(queue: FunctionQueue, keyId: string | undefined): LimitOwner {
    if (!mayRun(queue, undefined, this.running, this.capacity)) return 'function';
    if (!mayRun(queue, keyId, this.running, this.capacity)) return 'key';
    return queue.length >= this.queuedPerFunction ? 'function' : 'server';
  }

  private queueOf({ id, settings }: DeployedFunction, nowMs: number): FunctionQueue {
    const limit = runningLimitOf(settings);
    const memoryMiB = countedMemoryMiB(settings.memoryMiB, this.capacity.memoryMiB);
    let queue = this.queues.get(id);
    if (!queue) {
      queue = new FunctionQueue(id, limit, memoryMiB);
      this.queues.set(id, queue);
    } else if (queue.limit !== limit || queue.memoryMiB !== memoryMiB) {
      queue.limit = limit;
      queue.memoryMiB = memoryMiB;
      this.admitNext(nowMs);
    }
    return queue;
  }

  private dropIfEmpty(queue: FunctionQueue): void {
    if (queue.running === 0 && queue.isEmpty) this.queues.delete(queue.functionId);
  }
}
