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

/** Stems belong to no function; under this name they take part in the budget. */
const stemShareId = '';

/** What stands ready, function by function, within one budget; `MakeQueue` fills it, calls empty it. */
@Injectable()
export class ReadyPools {
  readonly counters = zeroCounters();
  readonly stems = new StemPool();
  private readonly byFunctionId = new Map<string, FunctionPool>();
  private readonly removals = new UnderWay();
  private readonly budget: PoolBudget;
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

  /** By function id; functions that keep nothing and are not called are not among them. */
  get pools(): ReadonlyMap<string, FunctionPool> {
    return this.byFunctionId;
  }

  poolOf(deployed: DeployedFunction): FunctionPool {
    let pool = this.byFunctionId.get(deployed.id);
    if (!pool) {
      pool = new FunctionPool(deployed, this.clock.monotonicMs());
      this.byFunctionId.set(deployed.id, pool);
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

  /** Gives the sandbox to the call that waits longest, or keeps it ready; of a deleted function none is kept. */
  offer(pool: FunctionPool, sandbox: Sandbox): void {
    if (pool.give(sandbox)) return;
    if (this.closed || pool.closed) {
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

  /** A ready sandbox that ends while it waits is replaced, but not at once: it might do so for ever. */
  watch(pool: FunctionPool, sandbox: Sandbox): void {
    void sandbox.gone.then(() => {
      if (!pool.drop(sandbox)) return;
      this.counters.diedWaiting += 1;
      pool.pause(this.clock.monotonicMs());
      this.dispose(sandbox);
    });
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

  /**
   * The function is deleted: what waits for calls that will not come is removed, calls in flight are left alone. The
   * empty pool stays for a while, so that a call which was admitted before and asks after finds it closed.
   */
  close(deployed: DeployedFunction): void {
    const pool = this.poolOf(deployed);
    pool.closed = true;
    this.trim(pool);
  }

  /** Once a second: lets go of what idle functions keep, and forgets the functions that keep nothing. */
  review(): void {
    const nowMs = this.clock.monotonicMs();
    for (const [functionId, pool] of this.byFunctionId) {
      this.trim(pool);
      if (pool.isEmpty && isIdle(pool.view(), nowMs)) this.byFunctionId.delete(functionId);
    }
  }

  makeRoomForStem(): boolean {
    return this.makeRoom({ functionId: stemShareId, memoryMiB: this.factory.stemResources.memoryMiB });
  }

  /** Whether one more may be kept ready; the least recently useful functions give theirs up where they must. */
  makeRoomFor(functionId: string): boolean {
    const pool = this.byFunctionId.get(functionId);
    return pool !== undefined && this.makeRoom({ functionId, memoryMiB: pool.deployed.settings.memoryMiB });
  }

  /** Every sandbox that waits, for the guard that looks for those that do not rest. */
  *resting(): Iterable<{ pool: FunctionPool; sandbox: Sandbox }> {
    for (const pool of this.byFunctionId.values()) {
      for (const sandbox of pool.waiting) yield { pool, sandbox };
    }
  }

  /** Removes what waits; resolves when it is gone. */
  async shutDown(): Promise<void> {
    this.closed = true;
    for (const { deployed } of this.byFunctionId.values()) this.close(deployed);
    for (let stem = this.stems.take(); stem; stem = this.stems.take()) this.dispose(stem);
    await this.removals.settled();
  }

  private makeRoom(wanted: Wanted): boolean {
    const makers = roomMakers(this.shares(), this.budget, wanted);
    // What is only being made cannot be given up.
    return makers?.every((functionId) => this.giveUpOne(functionId)) ?? false;
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
      if (!giver || !this.giveUpOne(giver.functionId)) return;
    }
  }

  private giveUpOne(functionId: string): boolean {
    const given = this.byFunctionId.get(functionId)?.takeOldest();
    if (given) this.dispose(given);
    return given !== undefined;
  }

  private *shares(): Iterable<KeptShare> {
    const { memoryMiB } = this.factory.stemResources;
    const stems = this.stems.count + this.stems.making;
    yield { functionId: stemShareId, containers: stems, memoryMiB, lastUsefulAtMs: Infinity };
    for (const [functionId, pool] of this.byFunctionId) {
      const { available, making, waiting, lastUsefulAtMs } = pool.view();
      const containers = available + Math.max(0, making - waiting);
      const { memoryMiB: ownMiB } = pool.deployed.settings;
      yield { functionId, containers, memoryMiB: ownMiB, lastUsefulAtMs };
    }
  }
}
