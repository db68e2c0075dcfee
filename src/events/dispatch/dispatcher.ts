import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Installation } from '../../common/installation/installation.js';
import { Log } from '../../common/log/log.js';
import { type CancelTimer, Clock } from '../../common/time/clock.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import type { FunctionName } from '../../functions/function-name.js';
import type { DeployedFunction } from '../../functions/function.js';
import { AdmissionService } from '../../invocation/admission/admission.service.js';
import { EventFeed } from '../event-feed.js';
import { type Claimant, type ClaimedEvent, EventStore } from '../store/event-store.js';
import { backOffMs } from './back-off.js';
import { DueQueues } from './due-queues.js';
import { EventRunner } from './event-runner.js';

/** How long nobody else runs an event that this server has claimed, unless the lease is renewed. */
export const leaseMs = 60_000;

/** Most events of one function that are claimed at once: then it is the next function's turn. */
const batch = 16;

/** So often at most the store is asked when something is due. */
const learnsEveryMs = 200;

/**
 * Lets events run where callers leave room: function by function, in turn, so that none waits behind the many events of another.
 * It is woken by what may change that (an event is accepted or comes due, room appears, a function changes), claims no more
 * than can begin at once, and holds nothing of events that wait.
 */
@Injectable()
export class Dispatcher {
  private readonly queues = new DueQueues();
  private readonly names = new Map<string, FunctionName>();
  private state: 'idle' | 'working' | 'stopped' = 'stopped';
  /** Something may have changed since the work looked last. */
  private isWoken = false;
  private failures = 0;
  private restsUntilMs = 0;
  /** Events may have waited for too long. */
  private mayHaveExpired = false;
  /** When the store is to be asked what is due; undefined while that is known. */
  private learnsAtMs: number | undefined;
  private cancelTimer: CancelTimer = () => undefined;
  private worked: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: EventStore,
    private readonly runner: EventRunner,
    private readonly functions: FunctionRegistry,
    private readonly admission: AdmissionService,
    private readonly feed: EventFeed,
    private readonly installation: Installation,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  start(): void {
    this.state = 'idle';
    for (const deployed of this.functions.list()) this.names.set(deployed.id, deployed.name);
    this.feed.onDue((functionId) => {
      this.due(functionId);
    });
    this.feed.onDeleted((eventId) => {
      this.runner.abandon(eventId);
    });
    this.admission.onBackgroundRoom(() => {
      this.wake();
    });
    this.learn();
  }

  /** Claims nothing more; resolves once no claim is under way. What runs goes on. */
  async stop(): Promise<void> {
    this.state = 'stopped';
    this.cancelTimer();
    await this.worked;
  }

  /** The function is new, or may run otherwise than before. */
  changed({ id, name }: DeployedFunction): void {
    this.names.set(id, name);
    this.wake();
  }

  forget(functionId: string): void {
    this.names.delete(functionId);
    this.queues.take(functionId);
  }

  /** Asks the store, a moment later, what is due. */
  learn(): void {
    this.learnsAtMs ??= this.clock.monotonicMs();
    this.wake();
  }

  /** Ends, a moment later, the events that are too old: most of them wait where nothing may run, so they need no room. */
  expire(): void {
    this.mayHaveExpired = true;
    this.wake();
  }

  private due(functionId: string): void {
    this.queues.mark(functionId, this.clock.monotonicMs());
    this.wake();
  }

  private wake(): void {
    this.isWoken = true;
    if (this.state !== 'idle' || this.isResting) return;
    this.state = 'working';
    this.cancelTimer();
    this.worked = this.work();
  }

  /** The store has failed, and is left alone for a while. */
  private get isResting(): boolean {
    return this.clock.monotonicMs() < this.restsUntilMs;
  }

  private async work(): Promise<void> {
    try {
      while (this.isWorking() && this.isWoken) {
        this.isWoken = false;
        while (this.isWorking() && (await this.step()));
      }
      this.failures = 0;
    } catch (err) {
      if (this.failures === 0) this.log.warn({ err }, 'events cannot be read; this is tried again');
      this.restsUntilMs = this.clock.monotonicMs() + backOffMs(this.failures);
      this.failures += 1;
    }
    if (!this.isWorking()) return;
    this.state = 'idle';
    this.wakeInTime();
  }

  private isWorking(): boolean {
    return this.state === 'working';
  }

  /** One request to the store; false where there is nothing to ask. */
  private async step(): Promise<boolean> {
    const nowMs = this.clock.monotonicMs();
    if (this.learnsAtMs !== undefined && this.learnsAtMs <= nowMs) {
      await this.learnNow();
      return true;
    }
    if (this.mayHaveExpired) {
      await this.claimExpired();
      return true;
    }
    for (const functionId of this.queues.due(nowMs)) {
      const deployed = this.deployedOf(functionId);
      const room = deployed ? this.admission.backgroundSlots(deployed) : 0;
      if (room === 0) continue;
      await this.claim(functionId, Math.min(batch, room));
      return true;
    }
    return false;
  }

  private async claim(functionId: string, limit: number): Promise<void> {
    this.queues.take(functionId);
    let claimed: readonly ClaimedEvent[];
    try {
      claimed = await this.store.claim({ functionId, ...this.claimantOf(limit) });
    } catch (error) {
      this.queues.mark(functionId, this.clock.monotonicMs());
      throw error;
    }
    const nowMs = this.clock.monotonicMs();
    if (claimed.length === limit) this.queues.mark(functionId, nowMs);
    else this.learnsAtMs ??= nowMs + learnsEveryMs;
    for (const event of claimed) void this.run(event);
  }

  private async claimExpired(): Promise<void> {
    const claimed = await this.store.claimExpired(this.claimantOf(batch));
    this.mayHaveExpired = claimed.length === batch;
    for (const event of claimed) void this.run(event);
  }

  private claimantOf(limit: number): Claimant {
    const invocationIds = Array.from({ length: limit }, () => randomUUID());
    return { limit, owner: this.installation.node.id, leaseMs, invocationIds };
  }

  private async run(event: ClaimedEvent): Promise<void> {
    const dueMs = await this.runner.run(event);
    if (dueMs === undefined || !this.names.has(event.functionId)) return;
    this.markAt(event.functionId, dueMs);
    this.wake();
  }

  private async learnNow(): Promise<void> {
    // Before the answer: what changes meanwhile may not be in it.
    this.learnsAtMs = undefined;
    try {
      for (const { functionId, nextDueMs } of await this.store.depths())
        if (nextDueMs !== null) this.markAt(functionId, nextDueMs);
    } catch (error) {
      this.learnsAtMs = this.clock.monotonicMs();
      throw error;
    }
  }

  /** Times of the wall clock are turned at once into some that nobody can set. */
  private markAt(functionId: string, wallMs: number): void {
    const inMs = Math.max(0, wallMs - this.clock.wallTime().getTime());
    this.queues.mark(functionId, this.clock.monotonicMs() + inMs);
  }

  private wakeInTime(): void {
    const nowMs = this.clock.monotonicMs();
    const nextMs = Math.min(this.queues.nextAfter(nowMs) ?? Infinity, this.learnsAtMs ?? Infinity);
    const atMs = this.isResting ? this.restsUntilMs : nextMs;
    if (atMs === Infinity) return;
    this.cancelTimer = this.clock.schedule(Math.max(1, atMs - nowMs), () => {
      this.wake();
    });
  }

  private deployedOf(functionId: string): DeployedFunction | undefined {
    const name = this.names.get(functionId);
    const deployed = name && this.functions.find(name);
    return deployed?.id === functionId ? deployed : undefined;
  }
}
