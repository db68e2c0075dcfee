import { Inject, Injectable } from '@nestjs/common';
import { totalmem } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DomainError } from '../../common/errors/domain-error.js';
import { faultOf } from '../../common/errors/error-codes.js';
import { Log } from '../../common/log/log.js';
import { Clock, type CancelTimer } from '../../common/time/clock.js';
import type { DeployedFunction } from '../../functions/function.js';
import type { Sandbox } from '../sandbox.js';
import { SandboxFactory } from '../sandbox.factory.js';
import { UnderWay } from '../under-way.js';
import { sandboxSettings, type SandboxSettings } from '../sandbox.settings.js';
import { FunctionPool } from './function-pool.js';
import { nextMake, type Make } from './next-make.js';
import { exceeds, fits, givesWay, leastUseful, type KeptShare, type PoolBudget } from './pool-budget.js';
import { zeroCounters } from './pool-counters.js';
import { isIdle, surplus } from './pool-policy.js';

/** Stems belong to no function; under this name they take part in the budget. */
const stemShareId = '';

/**
 * Keeps sandboxes ready ahead of calls. The decisions are the pure functions beside this file; here their effects
 * happen: containers are made, given to calls that wait, and removed.
 */
@Injectable()
export class ReadyPools {
  readonly counters = zeroCounters();
  private readonly pools = new Map<string, FunctionPool>();
  private readonly stems: Sandbox[] = [];
  private readonly underWay = new UnderWay();
  private readonly budget: PoolBudget;
  private makesInFlight = 0;
  private stemsInMaking = 0;
  private stemsPausedUntilMs = 0;
  private cancelAdvance: CancelTimer | undefined;
  private closed = false;

  constructor(
    private readonly factory: SandboxFactory,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(sandboxSettings.config.KEY) private readonly settings: SandboxSettings,
  ) {
    const halfOfMachineMiB = Math.floor(totalmem() / 2 / 1024 / 1024);
    this.budget = {
      containers: settings.budgetContainers,
      memoryMiB: settings.budgetMemoryMiB === 0 ? halfOfMachineMiB : settings.budgetMemoryMiB,
    };
  }

  poolOf(deployed: DeployedFunction): FunctionPool {
    let pool = this.pools.get(deployed.id);
    if (!pool) {
      pool = new FunctionPool(deployed, this.clock.monotonicMs());
      this.pools.set(deployed.id, pool);
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

  /** Makes one whatever else stands ready, and keeps it or gives it to a call. Rejects with why it could not. */
  async makeOne(pool: FunctionPool): Promise<void> {
    try {
      await this.make(pool, undefined);
    } finally {
      this.advance();
    }
  }

  dispose(sandbox: Sandbox): void {
    this.counters.removals += 1;
    this.underWay.add(sandbox.dispose());
  }

  /** The function is deleted: what waits for calls that will not come is removed; calls in flight are left alone. */
  close(functionId: string): void {
    const pool = this.pools.get(functionId);
    if (!pool) return;
    pool.closed = true;
    this.trim(pool);
  }

  /**
   * As `dispose`, once the answer is on its way: talking to the engine takes the event loop some milliseconds, which
   * would otherwise be the caller's.
   */
  disposeSoon(sandbox: Sandbox): void {
    this.underWay.add(
      nextTurn().then(() => {
        this.dispose(sandbox);
      }),
    );
  }

  /** As `advance`, a little later: making a container beside a call would take the CPU that the call needs. */
  advanceSoon(): void {
    if (this.closed) return;
    this.cancelAdvance ??= this.clock.schedule(advanceDelayMs, () => {
      this.cancelAdvance = undefined;
      this.advance();
    });
  }

  /** Starts everything worth making that has room. Called after every change; does nothing when nothing changed. */
  advance(): void {
    while (!this.closed && this.makesInFlight < this.settings.parallelMakes) {
      const make = this.nextMake();
      if (!make || !this.start(make)) return;
    }
  }

  /** Once a second: lets go of what idle functions keep, and forgets the functions that keep nothing. */
  review(): void {
    for (const [functionId, pool] of this.pools) {
      this.trim(pool);
      if (pool.isEmpty && (pool.closed || isIdle(pool.view(), this.clock.monotonicMs())))
        this.pools.delete(functionId);
    }
    this.advance();
  }

  /** Every sandbox that waits, for the guard that looks for those that do not rest. */
  *resting(): Iterable<{ pool: FunctionPool; sandbox: Sandbox }> {
    for (const pool of this.pools.values()) {
      for (const sandbox of pool.waiting) yield { pool, sandbox };
    }
  }

  /** Removes what waits and makes no more; resolves when all is gone. */
  async shutDown(): Promise<void> {
    this.closed = true;
    this.cancelAdvance?.();
    for (const pool of this.pools.values()) this.close(pool.deployed.id);
    for (const stem of this.stems.splice(0)) this.dispose(stem);
    await this.underWay.settled();
    await this.factory.settled();
  }

  snapshot() {
    const views = [...this.pools.values()].map((pool) => pool.view());
    const sum = (pick: (view: (typeof views)[number]) => number) =>
      views.reduce((total, view) => total + pick(view), 0);
    return {
      ...this.counters,
      functions: this.pools.size,
      ready: sum((view) => view.available),
      busy: sum((view) => view.busy),
      waiting: sum((view) => view.waiting),
      making: this.makesInFlight,
      stems: this.stems.length,
    };
  }

  private nextMake(): Make | undefined {
    const nowMs = this.clock.monotonicMs();
    return nextMake(
      {
        pools: new Map([...this.pools].map(([id, pool]) => [id, pool.view()])),
        stems: this.stems.length + this.stemsInMaking,
        wantedStems: nowMs < this.stemsPausedUntilMs ? 0 : this.settings.stems,
        pausedUntilMs: new Map([...this.pools].map(([id, pool]) => [id, pool.pausedUntilMs])),
      },
      nowMs,
    );
  }

  /** False when there is no room for what is only kept ahead. */
  private start(make: Make): boolean {
    switch (make.kind) {
      case 'for-call': {
        const pool = this.pools.get(make.functionId);
        if (pool) this.underWay.add(this.makeFor(pool, this.takeStem()));
        return true;
      }
      case 'stem':
        if (!this.makeRoom(stemShareId)) return false;
        this.underWay.add(this.makeStem());
        return true;
      case 'ahead': {
        const pool = this.pools.get(make.functionId);
        if (!pool || !this.makeRoom(make.functionId)) return false;
        this.underWay.add(this.makeFor(pool, undefined));
        return true;
      }
      default:
        return make satisfies never;
    }
  }

  /** For calls that wait, or ahead of them; a failure is told to the call that waits longest. */
  private async makeFor(pool: FunctionPool, stem: Sandbox | undefined): Promise<void> {
    try {
      await this.make(pool, stem);
    } catch (error) {
      // A stem that failed for no fault of the function's is no verdict: the call still waits and a new one is made.
      const retried = stem !== undefined && !isFunctionsFault(error);
      if (!retried && !pool.failWaiter(error as Error)) {
        this.log.warn({ function: pool.deployed.name, err: error }, 'could not make a container ready');
      }
    } finally {
      this.advance();
    }
  }

  private async make(pool: FunctionPool, stem: Sandbox | undefined): Promise<void> {
    const startedMs = this.clock.monotonicMs();
    pool.making += 1;
    this.makesInFlight += 1;
    this.counters.makes += 1;
    try {
      const made = await (stem
        ? this.factory.specialise(stem, pool.deployed)
        : this.factory.make(pool.deployed));
      if (!stem) pool.made(this.clock.monotonicMs() - startedMs);
      this.watch(pool, made);
      this.offer(pool, made);
    } catch (error) {
      this.counters.makesFailed += 1;
      // Code that does not load will not load the next time either: calls try it, nothing is made ahead of them.
      if (isFunctionsFault(error)) pool.onDemandOnly = true;
      else pool.pause(this.clock.monotonicMs());
      throw error;
    } finally {
      pool.making -= 1;
      this.makesInFlight -= 1;
    }
  }

  private async makeStem(): Promise<void> {
    this.stemsInMaking += 1;
    this.makesInFlight += 1;
    this.counters.stemsMade += 1;
    try {
      const stem = await this.factory.makeStem();
      if (this.closed) this.dispose(stem);
      else this.keepStem(stem);
    } catch (error) {
      this.stemsPausedUntilMs = this.clock.monotonicMs() + stemPauseMs;
      this.log.warn({ err: error }, 'could not make a stem container');
    } finally {
      this.stemsInMaking -= 1;
      this.makesInFlight -= 1;
      this.advance();
    }
  }

  private keepStem(stem: Sandbox): void {
    this.stems.push(stem);
    void stem.gone.then(() => {
      const index = this.stems.indexOf(stem);
      if (index < 0) return;
      this.stems.splice(index, 1);
      this.dispose(stem);
    });
  }

  private takeStem(): Sandbox | undefined {
    return this.stems.shift();
  }

  /** A ready sandbox that ends while it waits is replaced, but not at once: it might do so for ever. */
  private watch(pool: FunctionPool, sandbox: Sandbox): void {
    void sandbox.gone.then(() => {
      if (!pool.drop(sandbox)) return;
      this.counters.diedWaiting += 1;
      pool.pause(this.clock.monotonicMs());
      this.dispose(sandbox);
    });
  }

  private trim(pool: FunctionPool): void {
    const tooMany = surplus(pool.view(), this.clock.monotonicMs());
    for (let count = 0; count < tooMany; count += 1) {
      const sandbox = pool.takeOldest();
      if (sandbox) this.dispose(sandbox);
    }
  }

  /** Whether one more may be kept ready; the least recently useful function gives one up where it must. */
  private makeRoom(forFunctionId: string): boolean {
    if (fits(this.shares(), this.budget, this.factory.memoryMiB)) return true;
    const giverId = givesWay(this.shares(), forFunctionId);
    const given = giverId === undefined ? undefined : this.pools.get(giverId)?.takeOldest();
    if (given) this.dispose(given);
    return given !== undefined;
  }

  private shrinkToBudget(): void {
    while (exceeds(this.shares(), this.budget)) {
      const giver = leastUseful(this.shares());
      const given = giver && this.pools.get(giver.functionId)?.takeOldest();
      // What is only being made cannot be given up; it is looked at again when it is there.
      if (!given) return;
      this.dispose(given);
    }
  }

  private *shares(): Iterable<KeptShare> {
    const { memoryMiB } = this.factory;
    const stems = this.stems.length + this.stemsInMaking;
    yield {
      functionId: stemShareId,
      containers: stems,
      memoryMiB,
      lastUsefulAtMs: Infinity,
    };
    for (const [functionId, pool] of this.pools) {
      const { available, making, waiting, lastUsefulAtMs } = pool.view();
      const containers = available + Math.max(0, making - waiting);
      yield { functionId, containers, memoryMiB, lastUsefulAtMs };
    }
  }
}

function isFunctionsFault(error: unknown): boolean {
  return error instanceof DomainError && faultOf(error.code) === 'function';
}

/** Longer than most calls take, short against the making of a container. */
const advanceDelayMs = 10;

/** After a stem could not be made, the next try waits this long. */
const stemPauseMs = 1000;
