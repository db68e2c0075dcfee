import { Inject, Injectable } from '@nestjs/common';
import { availableParallelism } from 'node:os';
import { DomainError } from '../../common/errors/domain-error.js';
import { faultOf } from '../../common/errors/error-codes.js';
import { Log } from '../../common/log/log.js';
import { SharedBudget } from '../../common/budgets/shared-budget.js';
import {
  shareOf,
  fairShareSettings,
  type FairShareSettings,
} from '../../common/budgets/fair-share.settings.js';
import { Clock, type CancelTimer } from '../../common/time/clock.js';
import type { DeployedFunction, SandboxKind } from '../../functions/function.js';
import type { RuntimeName } from '../../runtimes/runtime.js';
import type { Sandbox } from '../sandbox.js';
import { SandboxFactory } from '../sandbox.factory.js';
import { sandboxSettings, type SandboxSettings } from '../sandbox.settings.js';
import { TaskTracker } from '../task-tracker.js';
import { PrewarmBackOff } from './back-off.js';
import type { FunctionPool } from './function-pool.js';
import { nextProvision, type PrewarmedView, type Provision } from './next-provision.js';
import { usedRuntimes } from './pool-policy.js';
import { ReadyPools } from './ready-pools.js';

/** Whom a container is provisioned for: a caller who waits, a call in the background that does, or calls yet to come. */
type Purpose = 'call' | 'background' | 'ahead';

/** Longer than most calls take, and short compared with the start of a container. */
const advanceDelayMs = 10;

/**
 * Provisions sandboxes in the order that `nextProvision` decides. A bounded number of containers is created at a time, of
 * which one function has a share; how long its code then takes to load is the function's own time and delays nobody.
 */
@Injectable()
export class Provisioner {
  private readonly tasks = new TaskTracker();
  private readonly backOff = new PrewarmBackOff();
  private readonly creations: SharedBudget;
  private readonly mostInBackground: number;
  private creatingInBackground = 0;
  private inFlight = 0;
  private cancelAdvance: CancelTimer | undefined;
  private closed = false;

  constructor(
    private readonly pools: ReadyPools,
    private readonly factory: SandboxFactory,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(sandboxSettings.config.KEY) private readonly settings: SandboxSettings,
    @Inject(fairShareSettings.config.KEY) { functionPercent, backgroundPercent }: FairShareSettings,
  ) {
    const total = settings.parallelProvisions;
    this.creations = new SharedBudget({ total, share: shareOf(total, functionPercent) });
    // Creating one keeps about a core busy: callers have the others.
    this.mostInBackground = shareOf(Math.min(total, availableParallelism()), backgroundPercent);
  }

  /** Sandboxes being provisioned now. */
  get count(): number {
    return this.inFlight;
  }

  /** Starts everything that is needed and has room. Called after every change; does nothing when nothing changed. */
  advance(): void {
    let hasRoomAhead = true;
    while (!this.closed) {
      const provision = this.next(hasRoomAhead);
      if (!provision) return;
      if (!this.start(provision)) hasRoomAhead = false;
    }
  }

  /** Like `advance`, a little later: starting a container beside a call would take the CPU that the call needs. */
  advanceSoon(): void {
    if (this.closed) return;
    this.cancelAdvance ??= this.clock.schedule(advanceDelayMs, () => {
      this.cancelAdvance = undefined;
      this.advance();
    });
  }

  /** As `SandboxFactory` says. */
  canMake(kind: SandboxKind): Promise<boolean> {
    return this.factory.canMake(kind);
  }

  /** Provisions one regardless of what is ready, and keeps it or gives it to a call. Rejects with the reason for a failure. */
  async provisionOne(pool: FunctionPool): Promise<void> {
    if (this.closed) throw draining();
    const task = this.provision(pool, undefined, 'ahead');
    this.tasks.add(task.catch(() => undefined));
    try {
      await task;
    } finally {
      this.advance();
    }
  }

  /** Provisions no more; resolves when what was being provisioned has settled and what failed is gone. */
  async shutDown(): Promise<void> {
    this.closed = true;
    this.cancelAdvance?.();
    await this.tasks.settled();
    await this.factory.settled();
  }

  private next(hasRoomAhead: boolean): Provision | undefined {
    const nowMs = this.clock.monotonicMs();
    const { pools } = this.pools;
    return nextProvision(
      {
        pools,
        prewarmed: this.prewarmedViews(usedRuntimes(pools.values(), nowMs), nowMs),
        isBackingOff: this.backOff.isActive(nowMs),
        hasRoomAhead,
        mayCreatePrewarmed: this.creations.shortageFor(undefined) === undefined,
        mayCreateInBackground:
          this.creatingInBackground < this.mostInBackground &&
          this.creations.shortageFor(undefined) === undefined,
        mayCreate: (poolKey) => this.mayCreate(poolKey),
        hasPrewarmed: (poolKey) => this.hasPrewarmed(poolKey),
        isPaused: (poolKey) => pools.get(poolKey)?.backOff.isActive(nowMs) ?? false,
      },
      nowMs,
    );
  }

  private prewarmedViews(used: ReadonlySet<RuntimeName>, nowMs: number): PrewarmedView[] {
    return [...used].map((runtime) => {
      const { count, provisioning, backOff } = this.pools.prewarmed.of(runtime);
      const wanted = backOff.isActive(nowMs) ? 0 : this.settings.prewarmedContainers;
      return { runtime, count: count + provisioning, wanted };
    });
  }

  private mayCreate(poolKey: string): boolean {
    const pool = this.pools.pools.get(poolKey);
    return pool !== undefined && this.creations.shortageFor(pool.deployed.id) === undefined;
  }

  private hasPrewarmed(poolKey: string): boolean {
    const pool = this.pools.pools.get(poolKey);
    if (!pool || !this.factory.fitsPrewarmed(pool.deployed)) return false;
    return this.pools.prewarmed.of(pool.deployed.settings.runtime).count > 0;
  }

  /** False when there is no room for what is only provisioned ahead. */
  private start(next: Provision): boolean {
    switch (next.kind) {
      case 'for-call':
        this.startForCall(next.poolKey);
        return true;
      case 'prewarmed':
        if (!this.pools.makeRoomForPrewarmed(next.runtime)) return false;
        this.tasks.add(this.provisionPrewarmed(next.runtime));
        return true;
      case 'ahead':
        if (!this.pools.makeRoomFor(next.poolKey)) return false;
        this.startUnhurried(next.poolKey, 'ahead');
        return true;
      case 'for-background':
        this.startUnhurried(next.poolKey, 'background');
        return true;
      default:
        return next satisfies never;
    }
  }

  private startForCall(poolKey: string): void {
    const pool = this.pools.pools.get(poolKey);
    if (!pool) return;
    const prewarmed = this.factory.fitsPrewarmed(pool.deployed)
      ? this.pools.prewarmed.of(pool.deployed.settings.runtime).take()
      : undefined;
    this.backOff.callStarted(this.clock.monotonicMs());
    const task = this.provisionFor(pool, prewarmed, 'call').finally(() => {
      this.backOff.callServed(this.clock.monotonicMs());
      this.advance();
      this.advanceSoon();
    });
    this.tasks.add(task);
  }

  private startUnhurried(poolKey: string, purpose: Purpose): void {
    const pool = this.pools.pools.get(poolKey);
    if (!pool) return;
    const task = this.provisionFor(pool, undefined, purpose).finally(() => {
      this.advance();
    });
    this.tasks.add(task);
  }

  /** For calls that wait, or ahead of them; a failure fails the call that has waited longest. */
  private async provisionFor(
    pool: FunctionPool,
    prewarmed: Sandbox | undefined,
    purpose: Purpose,
  ): Promise<void> {
    try {
      await this.provision(pool, prewarmed, purpose);
    } catch (error) {
      // A prewarmed container that failed through no fault of the function fails no call: the call waits for another.
      const isRetried = prewarmed !== undefined && !isVerdict(error);
      if (!isRetried && !pool.failWaiter(error as Error, purpose === 'background')) {
        this.log.warn({ function: pool.deployed.name, err: error }, 'could not provision a container');
      }
    }
  }

  private async provision(
    pool: FunctionPool,
    prewarmed: Sandbox | undefined,
    purpose: Purpose,
  ): Promise<void> {
    const { deployed } = pool;
    const startedMs = this.clock.monotonicMs();
    pool.provisioning += 1;
    this.inFlight += 1;
    this.pools.counters.provisions += 1;
    let sandbox: Sandbox;
    try {
      sandbox = await (prewarmed
        ? this.factory.specialize(prewarmed, deployed)
        : this.create(deployed, purpose));
    } catch (error) {
      this.pools.counters.provisionFailures += 1;
      // Code that did not load will probably fail again: calls try it, but nothing is provisioned ahead of them.
      if (isVerdict(error)) pool.isFailing = true;
      else pool.backOff.failed(this.clock.monotonicMs());
      throw error;
    } finally {
      // Before it is offered, or the budget would count it twice: as ready and as being provisioned.
      pool.provisioning -= 1;
      this.inFlight -= 1;
    }
    pool.isFailing = false;
    if (!prewarmed) pool.provisioned(this.clock.monotonicMs() - startedMs);
    this.pools.watch(pool, sandbox);
    this.pools.offer(pool, sandbox, purpose === 'background' || deployed.settings.isolation === 'warm');
  }

  /** One for a deployment is created whatever else is being created, and counts like any other. */
  private async create(deployed: DeployedFunction, purpose: Purpose): Promise<Sandbox> {
    const inBackground = purpose === 'background';
    let isCreating = true;
    const created = () => {
      if (!isCreating) return;
      isCreating = false;
      this.creations.giveBack(deployed.id);
      if (inBackground) this.creatingInBackground -= 1;
      this.advance();
    };
    this.creations.add(deployed.id);
    if (inBackground) this.creatingInBackground += 1;
    try {
      return await this.factory.create(deployed, { isAwaited: purpose !== 'ahead', onBooted: created });
    } finally {
      created();
    }
  }

  private async provisionPrewarmed(runtime: RuntimeName): Promise<void> {
    const { counters } = this.pools;
    const prewarmed = this.pools.prewarmed.of(runtime);
    this.creations.add(undefined);
    prewarmed.provisioning += 1;
    this.inFlight += 1;
    counters.prewarmedProvisions += 1;
    try {
      this.pools.keepPrewarmed(runtime, await this.factory.createPrewarmed(runtime));
    } catch (error) {
      prewarmed.backOff.failed(this.clock.monotonicMs());
      this.log.warn({ err: error, runtime }, 'could not prewarm a container');
    } finally {
      prewarmed.provisioning -= 1;
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
