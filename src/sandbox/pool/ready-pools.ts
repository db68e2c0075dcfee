import { Inject, Injectable } from '@nestjs/common';
import { totalmem } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Clock } from '../../common/time/clock.js';
import type { DeployedFunction } from '../../functions/function.js';
import type { Sandbox } from '../sandbox.js';
import { SandboxFactory } from '../sandbox.factory.js';
import { sandboxSettings, type SandboxSettings } from '../sandbox.settings.js';
import { UnderWay } from '../under-way.js';
import { FunctionPool } from './function-pool.js';
import { OutdatedRevisions } from './outdated-revisions.js';
import {
  exceeds,
  leastUseful,
  roomMakers,
  type KeptShare,
  type PoolBudget,
  type Wanted,
} from './pool-budget.js';
import { zeroCounters } from './pool-counters.js';
import { isIdle, surplus } from './pool-policy.js';
import { StemPool } from './stem-pool.js';

/** A sandbox that is of no use sooner is not replaced at once. */
const shortestLifeMs = 1000;

/** Stems belong to no function; under this key they take part in the budget. */
const stemShareKey = '';

/**
 * What stands ready, revision by revision of each function, within one budget; `MakeQueue` fills it, calls empty it.
 * A call takes from the pool of the revision it was let in with, so it runs wholly on that one.
 */
@Injectable()
export class ReadyPools {
  readonly counters = zeroCounters();
  readonly stems = new StemPool();
  private readonly outdated = new OutdatedRevisions();
  private readonly byPoolKey = new Map<string, FunctionPool>();
  private readonly removals = new UnderWay();
  readonly budget: PoolBudget;
  private closed = false;

  constructor(
    private readonly factory: SandboxFactory,
    private readonly clock: Clock,
    @Inject(sandboxSettings.config.KEY) settings: SandboxSettings,
  ) {
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

  poolOf(deployed: DeployedFunction): FunctionPool {
    const key = poolKeyOf(deployed);
    let pool = this.byPoolKey.get(key);
    if (!pool) {
      pool = new FunctionPool(deployed, this.clock.monotonicMs());
      pool.closed = this.outdated.has(deployed);
      this.byPoolKey.set(key, pool);
    }
    return pool;
  }

  /** A sandbox that stands ready, or undefined; one that died unnoticed is never given. */
  takeReady(pool: FunctionPool): Sandbox | undefined {
    for (let sandbox = pool.take(); sandbox; sandbox = pool.take()) {
      if (sandbox.isReady) return sandbox;
      this.dispose(sandbox);
    }
    return undefined;
  }

  /** Gives the sandbox to the call that waits longest, or keeps it ready; of an outdated revision none is kept. */
  offer(pool: FunctionPool, sandbox: Sandbox): void {
    if (pool.give(sandbox)) return;
    if (this.closed || pool.closed || this.isTooLarge(pool)) {
      this.dispose(sandbox);
      return;
    }
    pool.keep(sandbox);
    this.shrinkToBudget();
  }

  keepStem(stem: Sandbox): void {
    if (this.closed) {
      this.dispose(stem);
      return;
    }
    this.stems.keep(stem);
    void stem.gone.then(() => {
      if (this.stems.drop(stem)) this.dispose(stem);
    });
  }

  /**
   * A ready sandbox that ends while it waits is replaced, but not at once: it might do so for ever. So is one that has
   * lost a connection, which its next call would find dead.
   */
  watch(pool: FunctionPool, sandbox: Sandbox): void {
    void sandbox.gone.then(({ kind }) => {
      if (!pool.drop(sandbox)) return;
      this.counters.diedWaiting += 1;
      // One that breaks rules while nothing is asked of it is made on demand only, or it would do so again and again.
      if (kind === 'violation') pool.onDemandOnly = true;
      pool.pause(this.clock.monotonicMs());
      this.disposeUnfit(sandbox);
    });
    sandbox.whenConnectionLost(() => {
      if (!pool.drop(sandbox)) return;
      this.counters.cutWaiting += 1;
      // The limits of connections are seconds; where one is met sooner, by bytes, it might be so for ever.
      const nowMs = this.clock.monotonicMs();
      if (nowMs - sandbox.readySinceMs < shortestLifeMs) pool.pause(nowMs);
      this.dispose(sandbox);
    });
  }

  /** As `dispose`, with a word in the function's log: it ended by itself, or is of no use for another call. */
  disposeUnfit(sandbox: Sandbox): void {
    this.counters.removals += 1;
    this.removals.add(sandbox.sayUnfit().then(() => sandbox.dispose()));
  }

  dispose(sandbox: Sandbox): void {
    this.counters.removals += 1;
    this.removals.add(sandbox.dispose());
  }

  /**
   * As `dispose`, once the answer is on its way: talking to the engine takes the event loop some milliseconds, which
   * would otherwise be the caller's.
   */
  disposeSoon(sandbox: Sandbox): void {
    this.removals.add(
      nextTurn().then(() => {
        this.dispose(sandbox);
      }),
    );
  }

  /** Whether anything of the function's is ready, busy or being made. */
  keeps(deployed: DeployedFunction): boolean {
    const pool = this.byPoolKey.get(poolKeyOf(deployed));
    return pool !== undefined && !pool.isEmpty;
  }

  /** Calls find `after` from now on; what was known of how the function is called goes over to it. */
  replace(before: DeployedFunction, after: DeployedFunction): void {
    const old = this.byPoolKey.get(poolKeyOf(before));
    if (old) this.poolOf(after).succeed(old);
    else if (after.settings.minContainers > 0) this.poolOf(after);
    this.close(before);
  }

  /**
   * No new call will find this revision: what waits for such is removed, calls in flight or already waiting are left
   * alone and served.
   */
  close(deployed: DeployedFunction): void {
    this.outdated.add(deployed, this.clock.monotonicMs());
    const pool = this.byPoolKey.get(poolKeyOf(deployed));
    if (pool) this.closePool(pool);
  }

  /** No call has found this revision, nor will; another one may become the function under its number. */
  abandon(deployed: DeployedFunction): void {
    const pool = this.byPoolKey.get(poolKeyOf(deployed));
    if (!pool) return;
    this.byPoolKey.delete(poolKeyOf(deployed));
    this.closePool(pool);
  }

  /** Once a second: lets go of what idle functions keep, and forgets the functions that keep nothing. */
  review(): void {
    const nowMs = this.clock.monotonicMs();
    this.outdated.forgetOld(nowMs);
    for (const [poolKey, pool] of this.byPoolKey) {
      this.trim(pool);
      if (pool.isEmpty && (pool.closed || isIdle(pool.view(), nowMs))) this.byPoolKey.delete(poolKey);
    }
  }

  makeRoomForStem(): boolean {
    return this.makeRoom({ poolKey: stemShareKey, memoryMiB: this.factory.stemResources.memoryMiB });
  }

  /** Whether one more may be kept ready; the least recently useful functions give theirs up where they must. */
  makeRoomFor(poolKey: string): boolean {
    const pool = this.byPoolKey.get(poolKey);
    return pool !== undefined && this.makeRoom({ poolKey, memoryMiB: pool.deployed.settings.memoryMiB });
  }

  /** Every sandbox that waits, for the guard that looks for those that do not rest. */
  *resting(): Iterable<{ pool: FunctionPool; sandbox: Sandbox }> {
    for (const pool of this.byPoolKey.values()) {
      for (const sandbox of pool.waiting) yield { pool, sandbox };
    }
  }

  /** Removes what waits; resolves when it is gone. */
  async shutDown(): Promise<void> {
    this.closed = true;
    for (const pool of this.byPoolKey.values()) this.closePool(pool);
    for (let stem = this.stems.take(); stem; stem = this.stems.take()) this.dispose(stem);
    await this.removals.settled();
  }

  private makeRoom(wanted: Wanted): boolean {
    const makers = roomMakers(this.shares(), this.budget, wanted);
    // What is only being made cannot be given up.
    return makers?.every((poolKey) => this.giveUpOne(poolKey)) ?? false;
  }

  /** Kept, it would make everybody else give way, and then go itself. */
  private isTooLarge({ deployed }: FunctionPool): boolean {
    return deployed.settings.memoryMiB > this.budget.memoryMiB;
  }

  private closePool(pool: FunctionPool): void {
    pool.closed = true;
    this.trim(pool);
  }

  private trim(pool: FunctionPool): void {
    const tooMany = surplus(pool.view(), this.clock.monotonicMs());
    for (let count = 0; count < tooMany; count += 1) {
      const sandbox = pool.takeOldest();
      if (sandbox) this.dispose(sandbox);
    }
  }

  /** What is only being made cannot be given up; it is looked at again when it is there. */
  private shrinkToBudget(): void {
    while (exceeds(this.shares(), this.budget)) {
      const giver = leastUseful(this.shares());
      if (!giver || !this.giveUpOne(giver.poolKey)) return;
    }
  }

  private giveUpOne(poolKey: string): boolean {
    const given = this.byPoolKey.get(poolKey)?.takeOldest();
    if (given) this.dispose(given);
    return given !== undefined;
  }

  private *shares(): Iterable<KeptShare> {
    const { memoryMiB } = this.factory.stemResources;
    const stems = this.stems.count + this.stems.making;
    yield { poolKey: stemShareKey, containers: stems, memoryMiB, lastUsefulAtMs: Infinity };
    for (const [poolKey, pool] of this.byPoolKey) {
      const { available, making, waiting, lastUsefulAtMs } = pool.view();
      const containers = available + Math.max(0, making - waiting);
      const { memoryMiB: ownMiB } = pool.deployed.settings;
      yield { poolKey, containers, memoryMiB: ownMiB, lastUsefulAtMs };
    }
  }
}

function poolKeyOf({ id, revision }: DeployedFunction): string {
  return `${id}/${revision}`;
}
