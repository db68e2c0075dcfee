import { Inject, Injectable } from '@nestjs/common';
import { totalmem } from 'node:os';
import { Clock } from '../../common/time/clock.js';
import type { DeployedFunction } from '../../functions/function.js';
import type { RuntimeName } from '../../runtimes/runtime.js';
import type { Sandbox } from '../sandbox.js';
import { SandboxFactory } from '../sandbox.factory.js';
import { sandboxSettings, type SandboxSettings } from '../sandbox.settings.js';
import { FunctionPool, type PrewarmedPool, PrewarmedPools } from './function-pool.js';
import { type KeptPart, KeptTotal } from './kept-total.js';
import {
  exceeds,
  fits,
  isIdle,
  type KeptShare,
  leastUseful,
  type PoolBudget,
  roomMakers,
  surplus,
  usedRuntimes,
  type Wanted,
} from './pool-policy.js';
import { zeroCounters } from './pool-counters.js';
import { Removals } from './removals.js';
import { haveSameSandboxes, OutdatedRevisions, PoolKeys } from './revisions.js';

/** A minimum that was used up is usually there again after a fraction of this. */
const longestLackMs = 30_000;

/** A sandbox that loses a connection sooner than this after it became ready is not replaced at once. */
const shortestLifeMs = 1000;

/**
 * The sandboxes that are ready, by revision of each function, within one budget: `Provisioner` fills the pools, calls
 * empty them. A call takes from the pool of the revision it was admitted with, so it runs wholly on that one. Revisions
 * that differ in nothing that a container sees share a pool.
 */
@Injectable()
export class ReadyPools {
  readonly counters = zeroCounters();
  readonly prewarmed: PrewarmedPools;
  readonly removals = new Removals(this.counters);
  readonly budget: PoolBudget;
  private readonly outdated = new OutdatedRevisions();
  private readonly poolKeys = new PoolKeys();
  private readonly byPoolKey = new Map<string, FunctionPool>();
  private readonly total = new KeptTotal();
  private closed = false;

  constructor(
    private readonly factory: SandboxFactory,
    private readonly clock: Clock,
    @Inject(sandboxSettings.config.KEY) settings: SandboxSettings,
  ) {
    this.prewarmed = new PrewarmedPools(this.total, factory.prewarmedResources.memoryMiB);
    const halfOfMachineMiB = Math.floor(totalmem() / 2 / 1024 / 1024);
    this.budget = {
      containers: settings.budgetContainers,
      memoryMiB: settings.budgetMemoryMiB === 0 ? halfOfMachineMiB : settings.budgetMemoryMiB,
    };
  }

  /** By revision of a function; those that keep nothing and are not called are not among them. */
  get pools(): ReadonlyMap<string, FunctionPool> {
    return this.byPoolKey;
  }

  /** What is kept ready or being provisioned ahead of calls. */
  get kept(): PoolBudget {
    const { containers, memoryMiB } = this.total;
    return { containers, memoryMiB };
  }

  /** Ids of the functions that have lacked containers for some time. */
  lacking(): ReadonlySet<string> {
    const nowMs = this.clock.monotonicMs();
    const lacking = [...this.byPoolKey.values()].filter((pool) => pool.lacksFor(nowMs) >= longestLackMs);
    return new Set(lacking.map(({ deployed }) => deployed.id));
  }

  poolOf(deployed: DeployedFunction, lastUsefulAtMs = this.clock.monotonicMs()): FunctionPool {
    const key = this.poolKeys.of(deployed);
    let pool = this.byPoolKey.get(key);
    if (!pool) {
      pool = new FunctionPool(deployed, lastUsefulAtMs, this.total);
      pool.closed = this.outdated.has(deployed);
      this.byPoolKey.set(key, pool);
    }
    return pool;
  }

  /** A ready sandbox, or undefined; never one that has died unnoticed. */
  takeReady(pool: FunctionPool): Sandbox | undefined {
    for (let sandbox = pool.take(); sandbox; sandbox = pool.take()) {
      if (sandbox.isReady) return sandbox;
      this.removals.remove(sandbox);
    }
    return undefined;
  }

  /**
   * Gives the sandbox to the call that has waited longest, or keeps it ready; none is kept of an outdated revision. What
   * was provisioned ahead of callers is not for calls in the background.
   */
  offer(pool: FunctionPool, sandbox: Sandbox, isForBackground: boolean): void {
    if (pool.give(sandbox, isForBackground)) return;
    if (this.closed || pool.closed || this.isTooLarge(pool)) {
      this.removals.remove(sandbox);
      return;
    }
    pool.keep(sandbox);
    this.shrinkToBudget();
  }

  keepPrewarmed(runtime: RuntimeName, sandbox: Sandbox): void {
    if (this.closed) {
      this.removals.remove(sandbox);
      return;
    }
    const pool = this.prewarmed.of(runtime);
    pool.keep(sandbox);
    void sandbox.gone.then(() => {
      if (pool.drop(sandbox)) this.removals.remove(sandbox);
    });
  }

  /**
   * Replaces an idle sandbox that ended, but not at once: it might end again and again. Also replaces one that has lost a
   * connection, which its next call would find dead.
   */
  watch(pool: FunctionPool, sandbox: Sandbox): void {
    void sandbox.gone.then(({ kind }) => {
      if (!pool.drop(sandbox)) return;
      this.counters.idleEnded += 1;
      // A function that breaks rules while it is idle would do so again and again.
      if (kind === 'violation') pool.onDemandOnly = true;
      pool.backOff.failed(this.clock.monotonicMs());
      this.removals.removeUnfit(sandbox);
    });
    sandbox.whenConnectionLost(() => {
      if (!pool.drop(sandbox)) return;
      this.counters.idleCut += 1;
      // The time limits of connections are seconds; one that is cut sooner, for its bytes, might be cut again and again.
      const nowMs = this.clock.monotonicMs();
      if (nowMs - sandbox.readySinceMs < shortestLifeMs) pool.backOff.failed(nowMs);
      this.removals.remove(sandbox);
    });
  }

  /** Whether the function has a sandbox that is ready, busy or being provisioned. */
  keeps(deployed: DeployedFunction): boolean {
    const pool = this.byPoolKey.get(this.poolKeys.of(deployed));
    return pool !== undefined && !pool.isEmpty;
  }

  /**
   * Calls find `after` from now on. It inherits what is known of how often the function is called, and the whole pool where
   * the change is none to a container.
   */
  replace(before: DeployedFunction, after: DeployedFunction): void {
    const old = this.byPoolKey.get(this.poolKeys.of(before));
    const isNew = !this.byPoolKey.has(this.poolKeys.of(after));
    if (old && !old.closed && isNew && haveSameSandboxes(before, after)) {
      this.takeOver(old, before, after);
      return;
    }
    if (old) this.poolOf(after).succeed(old);
    else if (after.settings.minContainers > 0) this.poolOf(after);
    this.close(before);
  }

  /** No new call will find this revision: its idle sandboxes are removed, calls that run or wait are served. */
  close(deployed: DeployedFunction): void {
    this.outdated.add(deployed, this.clock.monotonicMs());
    const pool = this.byPoolKey.get(this.poolKeys.of(deployed));
    if (pool) this.closePool(pool);
  }

  /** No call has found this revision, nor will; another revision may get its number. */
  abandon(deployed: DeployedFunction): void {
    const pool = this.byPoolKey.get(this.poolKeys.of(deployed));
    if (!pool) return;
    this.remove(this.poolKeys.of(deployed), pool);
    this.closePool(pool);
  }

  /** Once a second: removes the sandboxes of idle functions and unused runtimes, and the pools that keep nothing. */
  review(): void {
    const nowMs = this.clock.monotonicMs();
    this.outdated.forgetOld(nowMs);
    for (const [poolKey, pool] of this.byPoolKey) {
      this.trim(pool);
      pool.noteLack(nowMs);
      if (pool.isEmpty && (pool.closed || isIdle(pool, nowMs))) this.remove(poolKey, pool);
    }
    this.poolKeys.forget((poolKey) => this.byPoolKey.has(poolKey));
    const used = usedRuntimes(this.byPoolKey.values(), nowMs);
    for (const pool of this.prewarmed.all) if (!used.has(pool.runtime)) this.empty(pool);
  }

  makeRoomForPrewarmed(runtime: RuntimeName): boolean {
    const { poolKey } = this.prewarmed.of(runtime);
    return this.makeRoom({ poolKey, memoryMiB: this.factory.prewarmedResources.memoryMiB });
  }

  /** Whether one more may be kept ready; the least recently useful functions give theirs up if needed. */
  makeRoomFor(poolKey: string): boolean {
    const pool = this.byPoolKey.get(poolKey);
    return pool !== undefined && this.makeRoom({ poolKey, memoryMiB: pool.deployed.settings.memoryMiB });
  }

  /** Every idle sandbox, for the guard that looks for those that use the CPU. */
  *idle(): Iterable<{ pool: FunctionPool; sandbox: Sandbox }> {
    for (const pool of this.byPoolKey.values()) {
      for (const sandbox of pool.idle) yield { pool, sandbox };
    }
  }

  /** Removes all idle sandboxes; resolves when they are gone. */
  async shutDown(): Promise<void> {
    this.closed = true;
    for (const pool of this.byPoolKey.values()) this.closePool(pool);
    for (const pool of this.prewarmed.all) this.empty(pool);
    await this.removals.settled();
  }

  private takeOver(pool: FunctionPool, before: DeployedFunction, after: DeployedFunction): void {
    pool.becomes(after);
    this.poolKeys.share(before, after);
    this.outdated.add(before, this.clock.monotonicMs());
  }

  private makeRoom(wanted: Wanted): boolean {
    if (fits(this.total, this.budget, wanted.memoryMiB)) return true;
    const makers = roomMakers(this.shares(), this.budget, wanted);
    // What is still being provisioned cannot be given up.
    return makers?.every((poolKey) => this.giveUpOne(poolKey)) ?? false;
  }

  /** Keeping it would evict everybody else's, and then itself. */
  private isTooLarge({ deployed }: FunctionPool): boolean {
    return deployed.settings.memoryMiB > this.budget.memoryMiB;
  }

  private closePool(pool: FunctionPool): void {
    pool.closed = true;
    this.trim(pool);
  }

  private empty(pool: PrewarmedPool): void {
    for (let next = pool.take(); next; next = pool.take()) this.removals.remove(next);
  }

  private trim(pool: FunctionPool): void {
    const tooMany = surplus(pool, this.clock.monotonicMs());
    for (let count = 0; count < tooMany; count += 1) {
      const sandbox = pool.takeOldest();
      if (sandbox) this.removals.remove(sandbox);
    }
  }

  /** What is still being provisioned cannot be given up; the budget is looked at again when it is there. */
  private shrinkToBudget(): void {
    while (exceeds(this.total, this.budget)) {
      const giver = leastUseful(this.shares());
      if (!giver || !this.giveUpOne(giver.poolKey)) return;
    }
  }

  private giveUpOne(poolKey: string): boolean {
    const given = this.byPoolKey.get(poolKey)?.takeOldest();
    if (given) this.removals.remove(given);
    return given !== undefined;
  }

  private remove(poolKey: string, pool: FunctionPool): void {
    this.byPoolKey.delete(poolKey);
    pool.kept.leave();
  }

  private *shares(): Iterable<KeptShare> {
    for (const { poolKey, kept } of this.prewarmed.all) {
      yield { poolKey, ...sizeOf(kept), lastUsefulAtMs: Infinity };
    }
    for (const [poolKey, { kept, lastUsefulAtMs }] of this.byPoolKey) {
      yield { poolKey, ...sizeOf(kept), lastUsefulAtMs };
    }
  }
}

/** Of `memoryMiB` each. */
function sizeOf({ containers, memoryMiB }: KeptPart): { containers: number; memoryMiB: number } {
  return { containers, memoryMiB };
}
