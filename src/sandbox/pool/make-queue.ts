import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../common/errors/domain-error.js';
import { faultOf } from '../../common/errors/error-codes.js';
import { Log } from '../../common/log/log.js';
import { SharedBudget } from '../../common/shares/shared-budget.js';
import { shareOf, sharesSettings, type SharesSettings } from '../../common/shares/shares.settings.js';
import { Clock, type CancelTimer } from '../../common/time/clock.js';
import type { DeployedFunction } from '../../functions/function.js';
import type { Sandbox } from '../sandbox.js';
import { SandboxFactory } from '../sandbox.factory.js';
import { sandboxSettings, type SandboxSettings } from '../sandbox.settings.js';
import { UnderWay } from '../under-way.js';
import { CallsFirst } from './calls-first.js';
import type { FunctionPool } from './function-pool.js';
import { nextMake, type Make } from './next-make.js';
import { ReadyPools } from './ready-pools.js';

/** Longer than most calls take, short against the making of a container. */
const advanceDelayMs = 10;

/**
 * Makes sandboxes in the order that `nextMake` decides. Containers are created a bounded number at a time, of which one
 * function has a share; how long its code then takes to load is the function's own time, and in nobody's way.
 */
@Injectable()
export class MakeQueue {
  private readonly underWay = new UnderWay();
  private readonly callsFirst = new CallsFirst();
  private readonly creations: SharedBudget;
  private inFlight = 0;
  private cancelAdvance: CancelTimer | undefined;
  private closed = false;

  constructor(
    private readonly pools: ReadyPools,
    private readonly factory: SandboxFactory,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(sandboxSettings.config.KEY) private readonly settings: SandboxSettings,
    @Inject(sharesSettings.config.KEY) { functionPercent }: SharesSettings,
  ) {
    const total = settings.parallelMakes;
    this.creations = new SharedBudget({ total, share: shareOf(total, functionPercent) });
  }

  /** Sandboxes being made now. */
  get count(): number {
    return this.inFlight;
  }

  /** Starts everything worth making that has room. Called after every change; does nothing when nothing changed. */
  advance(): void {
    while (!this.closed) {
      const make = this.next();
      if (!make || !this.start(make)) return;
    }
  }

  /** As `advance`, a little later: making a container beside a call would take the CPU that the call needs. */
  advanceSoon(): void {
    if (this.closed) return;
    this.cancelAdvance ??= this.clock.schedule(advanceDelayMs, () => {
      this.cancelAdvance = undefined;
      this.advance();
    });
  }

  /** Makes one whatever else stands ready, and keeps it or gives it to a call. Rejects with why it could not. */
  async makeOne(pool: FunctionPool): Promise<void> {
    if (this.closed) throw draining();
    const making = this.make(pool, undefined);
    this.underWay.add(making.catch(() => undefined));
    try {
      await making;
    } finally {
      this.advance();
    }
  }

  /** Makes no more; resolves when what was being made has settled, and what failed to be made is gone. */
  async shutDown(): Promise<void> {
    this.closed = true;
    this.cancelAdvance?.();
    await this.underWay.settled();
    await this.factory.settled();
  }

  private next(): Make | undefined {
    const nowMs = this.clock.monotonicMs();
    const { pools, stems } = this.pools;
    return nextMake(
      {
        pools: new Map([...pools].map(([id, pool]) => [id, pool.view()])),
        stems: stems.count + stems.making,
        wantedStems: stems.isPaused(nowMs) ? 0 : this.settings.stems,
        callsFirst: this.callsFirst.holds(nowMs),
        mayCreateStem: this.creations.shortageFor(undefined) === undefined,
        mayCreate: (poolKey) => this.mayCreate(poolKey),
        hasStem: (poolKey) => this.hasStem(poolKey),
        pausedUntilMs: new Map([...pools].map(([id, pool]) => [id, pool.pausedUntilMs])),
      },
      nowMs,
    );
  }

  private mayCreate(poolKey: string): boolean {
    const pool = this.pools.pools.get(poolKey);
    return pool !== undefined && this.creations.shortageFor(pool.deployed.id) === undefined;
  }

  private hasStem(poolKey: string): boolean {
    const pool = this.pools.pools.get(poolKey);
    return pool !== undefined && this.pools.stems.count > 0 && this.factory.fitsStem(pool.deployed);
  }

  /** False when there is no room for what is only kept ahead. */
  private start(make: Make): boolean {
    switch (make.kind) {
      case 'for-call':
        this.startForCall(make.poolKey);
        return true;
      case 'stem':
        if (!this.pools.makeRoomForStem()) return false;
        this.underWay.add(this.makeStem());
        return true;
      case 'ahead':
        if (!this.pools.makeRoomFor(make.poolKey)) return false;
        this.startAhead(make.poolKey);
        return true;
      default:
        return make satisfies never;
    }
  }

  private startForCall(poolKey: string): void {
    const pool = this.pools.pools.get(poolKey);
    if (!pool) return;
    const stem = this.factory.fitsStem(pool.deployed) ? this.pools.stems.take() : undefined;
    this.callsFirst.begin(this.clock.monotonicMs());
    const making = this.makeFor(pool, stem).finally(() => {
      this.callsFirst.end(this.clock.monotonicMs());
      this.advance();
      this.advanceSoon();
    });
    this.underWay.add(making);
  }

  private startAhead(poolKey: string): void {
    const pool = this.pools.pools.get(poolKey);
    if (!pool) return;
    const making = this.makeFor(pool, undefined).finally(() => {
      this.advance();
    });
    this.underWay.add(making);
  }

  /** For calls that wait, or ahead of them; a failure is told to the call that waits longest. */
  private async makeFor(pool: FunctionPool, stem: Sandbox | undefined): Promise<void> {
    try {
      await this.make(pool, stem);
    } catch (error) {
      // A stem that failed for no fault of the function's is no verdict: the call still waits and a new one is made.
      const retried = stem !== undefined && !isVerdict(error);
      if (!retried && !pool.failWaiter(error as Error)) {
        this.log.warn({ function: pool.deployed.name, err: error }, 'could not make a container ready');
      }
    }
  }

  private async make(pool: FunctionPool, stem: Sandbox | undefined): Promise<void> {
    const { deployed } = pool;
    const startedMs = this.clock.monotonicMs();
    pool.making += 1;
    this.inFlight += 1;
    this.pools.counters.makes += 1;
    let made: Sandbox;
    try {
      made = await (stem ? this.factory.specialise(stem, deployed) : this.create(deployed));
    } catch (error) {
      this.pools.counters.makesFailed += 1;
      // Code that does not load will hardly load the next time: calls try it, nothing is made ahead of them.
      if (isVerdict(error)) pool.isFailing = true;
      else pool.pause(this.clock.monotonicMs());
      throw error;
    } finally {
      // Before it is offered, or the budget would count it twice: as ready and as in the making.
      pool.making -= 1;
      this.inFlight -= 1;
    }
    pool.isFailing = false;
    if (!stem) pool.made(this.clock.monotonicMs() - startedMs);
    this.pools.watch(pool, made);
    this.pools.offer(pool, made);
  }

  /** One made for a deployment is created whatever else is, and counts like any other. */
  private async create(deployed: DeployedFunction): Promise<Sandbox> {
    let isCreating = true;
    const created = () => {
      if (!isCreating) return;
      isCreating = false;
      this.creations.giveBack(deployed.id);
      this.advance();
    };
    this.creations.add(deployed.id);
    try {
      return await this.factory.make(deployed, created);
    } finally {
      created();
    }
  }

  private async makeStem(): Promise<void> {
    const { stems, counters } = this.pools;
    this.creations.add(undefined);
    stems.making += 1;
    this.inFlight += 1;
    counters.stemsMade += 1;
    try {
      this.pools.keepStem(await this.factory.makeStem());
    } catch (error) {
      stems.pause(this.clock.monotonicMs());
      this.log.warn({ err: error }, 'could not make a stem container');
    } finally {
      stems.making -= 1;
      this.inFlight -= 1;
      this.creations.giveBack(undefined);
      this.advance();
    }
  }
}

function draining(): DomainError {
  return new DomainError('DRAINING', 'The server is shutting down; send the request again shortly.', {
    retryAfterMs: 1000,
  });
}

/** The function's own fault, or secrets without a key: another container of this revision would fail in the same way. */
function isVerdict(error: unknown): boolean {
  if (!(error instanceof DomainError)) return false;
  return faultOf(error.code) === 'function' || error.code === 'SECRETS_UNAVAILABLE';
}
