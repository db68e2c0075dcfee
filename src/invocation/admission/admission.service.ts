import { Inject, Injectable } from '@nestjs/common';
import { totalmem } from 'node:os';
import { ofShareHolder } from '../../common/auth/caller.js';
import { DomainError } from '../../common/errors/domain-error.js';
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
  type Capacity,
  countedMemoryMiB,
  type Load,
  mayBegin,
  mayRun,
  nextCalls,
  PriorityOrder,
  retryAfterMs,
  runningLimitOf,
  RunningLoad,
  type Situation,
} from './admission-policy.js';
import { FunctionQueue, QueueTimeout, type QueuedCall } from './function-queue.js';

/** A call's permit to run; release it exactly once. */
export interface Permit {
  release(): void;
}

/** What admission needs to know besides the function. */
export type Applicant = Pick<Invocation, 'keyId' | 'priority' | 'cancellation'>;

/** Whose limit a call has reached. */
export type LimitOwner = 'function' | 'key' | 'server';

/** Leaves room for the engine, the server and idle containers. */
function mostOfMachineMiB(): number {
  return Math.floor((totalmem() * 3) / 4 / 1024 / 1024);
}

function shareOfLoad({ calls, memoryMiB }: Load, percent: number): Load {
  return { calls: shareOf(calls, percent), memoryMiB: shareOf(memoryMiB, percent) };
}

/** Weight of the newest call in the average of how long calls hold their permits. */
const newestWeight = 0.1;

/**
 * The semaphore in front of all calls, with one bounded, fair queue. A call with a permit runs; every wait has a
 * limit.
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
  private callMs = 100;
  private readonly refusals = new LabelledCounter<LimitOwner>();

  constructor(
    private readonly clock: Clock,
    @Inject(invocationSettings.config.KEY) private readonly settings: InvocationSettings,
    @Inject(fairShareSettings.config.KEY) { functionPercent, keyPercent }: FairShareSettings,
  ) {
    const calls = settings.running;
    const memoryMiB = settings.runningMemoryMiB === 0 ? mostOfMachineMiB() : settings.runningMemoryMiB;
    this.capacity = {
      calls,
      memoryMiB,
      functionShare: shareOfLoad({ calls, memoryMiB }, functionPercent),
      keyShare: shareOfLoad({ calls, memoryMiB }, keyPercent),
    };
    this.timeout = new QueueTimeout(clock, settings.queueTimeoutMs);
    this.queuedPerFunction = Math.min(settings.queuedPerFunction, shareOf(settings.queued, functionPercent));
  }

  /**
   * Rejects with `CONCURRENCY_LIMIT` (the function's limits), `RATE_LIMITED` (its key's share), `OVERLOADED` (the
   * server's limits), or the cancellation's reason.
   */
  async acquire(deployed: DeployedFunction, applicant: Applicant): Promise<Permit> {
    const { keyId, cancellation } = applicant;
    const nowMs = this.clock.monotonicMs();
    const queue = this.queueOf(deployed, nowMs);
    if (mayBegin(queue, keyId, this.waiting, this.situation(nowMs))) return this.admit(queue, keyId, nowMs);
    this.refuseWhereFull(queue, keyId);
    const permit = await this.wait(queue, applicant, nowMs);
    if (!cancellation.reason) return permit;
    // The permit was granted at the same moment; release it, or it is lost.
    permit.release();
    throw cancellation.reason;
  }

  get counts(): { readonly running: number; readonly queued: number } {
    return { running: this.running.load.calls, queued: this.queued };
  }

  /** Calls refused since the start, by whose limit it was. */
  get refused() {
    return this.refusals.byKind;
  }

  private wait(
    queue: FunctionQueue,
    { keyId, priority, cancellation }: Applicant,
    sinceMs: number,
  ): Promise<Permit> {
    const permit = Promise.withResolvers<Permit>();
    const call: QueuedCall = {
      keyId,
      priority,
      sinceMs,
      admit: (nowMs) => {
        stopListening();
        permit.resolve(this.admit(queue, keyId, nowMs));
      },
      timeOut: () => {
        stopListening();
        this.giveUp(queue, call);
        permit.reject(this.refusal(queue, keyId, 'No capacity became free in time'));
      },
    };
    if (queue.length === 0) this.waiting.add(queue);
    queue.add(call);
    this.queued += 1;
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
    this.queued -= 1;
    this.timeout.remove(call);
    if (queue.length === 0) this.waiting.delete(queue);
  }

  private admit(queue: FunctionQueue, keyId: string | undefined, sinceMs: number): Permit {
    const load = { keyId, memoryMiB: queue.memoryMiB, sinceMs };
    queue.running += 1;
    this.running.add(load);
    return {
      release: () => {
        const nowMs = this.clock.monotonicMs();
        queue.running -= 1;
        this.running.remove(load);
        this.callMs += newestWeight * (nowMs - sinceMs - this.callMs);
        this.admitNext(nowMs);
        this.dropIfEmpty(queue);
      },
    };
  }

  private admitNext(nowMs: number): void {
    while (this.queued > 0) {
      const next = this.priorityOrder.choose(nextCalls(this.waiting, this.situation(nowMs)));
      if (!next) return;
      const { queue, call } = next;
      queue.take(call);
      this.waitsNoMore(queue, call);
      call.admit(nowMs);
    }
  }

  private situation(nowMs: number): Situation {
    return { running: this.running, capacity: this.capacity, nowMs };
  }

  private refuseWhereFull(queue: FunctionQueue, keyId: string | undefined): void {
    const isFull = queue.length >= this.queuedPerFunction || queue.limit === 0;
    if (!isFull && this.queued < this.settings.queued) return;
    this.dropIfEmpty(queue);
    throw this.refusal(queue, keyId, 'Too many calls are already waiting');
  }

  /** Removes a call that no longer waits. */
  private refusal(queue: FunctionQueue, keyId: string | undefined, why: string): DomainError {
    const owner = this.ownerOfLimit(queue, keyId);
    this.refusals.add(owner);
    const permits = {
      function: queue.limit,
      key: this.capacity.keyShare.calls,
      server: this.settings.running,
    }[owner];
    const before = owner === 'function' ? queue.length : this.queued;
    const details = { retryAfterMs: retryAfterMs(before, { callMs: this.callMs, permits }) };
    switch (owner) {
      case 'function':
        return new DomainError('CONCURRENCY_LIMIT', `${why} for this function; call it less often.`, details);
      case 'key':
        return new DomainError('RATE_LIMITED', `${why} ${ofShareHolder(keyId)}; call less often.`, details);
      case 'server':
        return new DomainError('OVERLOADED', `${why} on this server; try again later.`, details);
      default:
        return owner satisfies never;
    }
  }

  /** Whose limit it was decides whose fault it is: the function's own, its key's, or the server's. */
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
    if (queue.running + queue.length === 0) this.queues.delete(queue.functionId);
  }
}
