import { Inject, Injectable } from '@nestjs/common';
import type { Cancellation } from '../common/time/cancellation.js';
import { Clock, type CancelTimer } from '../common/time/clock.js';
import type { DeployedFunction, SandboxKind } from '../functions/function.js';
import type { FunctionPool, Waiter } from './pool/function-pool.js';
import { Provisioner } from './pool/provisioner.js';
import { backgroundDeficit, callDeficit, type PoolBudget } from './pool/pool-policy.js';
import type { PoolSnapshot } from './pool/pool-counters.js';
import { ReadyPools } from './pool/ready-pools.js';
import { IdleGuard } from './pool/idle-guard.js';
import type { Sandbox, SandboxOrigin } from './sandbox.js';
import { recordedAs } from './sandbox-events.js';
import { sandboxSettings, type SandboxSettings } from './sandbox.settings.js';

/** A sandbox for one call; `release` it, whatever happened. */
export interface AcquiredSandbox {
  readonly pool: FunctionPool;
  readonly sandbox: Sandbox;
  readonly origin: SandboxOrigin;
}

const reviewEveryMs = 1000;

/** When a function was last called that only the background uses: longer ago than any idle time. */
const neverCalledMs = Number.MIN_SAFE_INTEGER;

/** A warm worker asks for its next call right after its answer; one that does not is still busy with the last call. */
const idleWithinMs = 1000;

/** Gives each call its sandbox: a never-used one, or for `warm` functions one that has served only its own. */
@Injectable()
export class SandboxService {
  private cancelReview: CancelTimer = () => undefined;
  /** Warm sandboxes after a call, until it is known whether they may serve another. */
  private readonly settling = new Set<Sandbox>();

  constructor(
    private readonly pools: ReadyPools,
    private readonly provisioner: Provisioner,
    private readonly idleGuard: IdleGuard,
    private readonly clock: Clock,
    @Inject(sandboxSettings.config.KEY) private readonly settings: SandboxSettings,
  ) {}

  /** The most that may be kept ready for all functions together. */
  get budget(): PoolBudget {
    return this.pools.budget;
  }

  /** Starts keeping sandboxes ready: prewarmed ones, and those of these functions. */
  start(functions: readonly DeployedFunction[]): void {
    for (const deployed of functions) this.pools.poolOf(deployed);
    this.scheduleReview();
    this.provisioner.advance();
  }

  /** Rejects with the `DomainError` of a failure to provision, or with the cancellation's reason. */
  async acquire(deployed: DeployedFunction, cancellation: Cancellation): Promise<AcquiredSandbox> {
    const pool = this.pools.poolOf(deployed);
    const ready = this.takeReady(pool);
    return begun(deployed, ready ?? acquiredOf(pool, await this.waitFor(pool, cancellation, false)));
  }

  /**
   * The same for a call that nobody waits for. It comes after callers, and of a `fresh` function it takes nothing that
   * stands ready for them, nor makes more of it ready.
   */
  async acquireInBackground(
    deployed: DeployedFunction,
    cancellation: Cancellation,
  ): Promise<AcquiredSandbox> {
    const pool = this.pools.poolOf(deployed, neverCalledMs);
    const ready = deployed.settings.isolation === 'warm' ? this.takeReady(pool) : undefined;
    return begun(deployed, ready ?? acquiredOf(pool, await this.waitFor(pool, cancellation, true)));
  }

  /** After the call: a `fresh` sandbox is removed, a `warm` one that is provably idle serves the next call. */
  release({ pool, sandbox }: AcquiredSandbox): void {
    const hasRetired = pool.deployed.settings.isolation === 'warm' && this.isRetired(sandbox);
    if (hasRetired) sandbox.output.say('debug', retiredText(sandbox));
    if (pool.deployed.settings.isolation === 'fresh' || hasRetired) {
      pool.busy -= 1;
      this.pools.removals.removeSoon(sandbox);
      this.provisioner.advanceSoon();
      return;
    }
    this.settling.add(sandbox);
    sandbox.whenSettled(idleWithinMs, () => {
      this.settled(pool, sandbox);
    });
  }

  /**
   * Provisions one sandbox ahead of the first call and keeps it. Rejects with the reason when the code does not load or
   * there is no container.
   */
  provision(deployed: DeployedFunction): Promise<void> {
    return this.provisioner.provisionOne(this.pools.poolOf(deployed));
  }

  /** Whether this server can make such sandboxes. Rejects with RUNTIME_UNAVAILABLE while the engine cannot say. */
  canMake(kind: SandboxKind): Promise<boolean> {
    return this.provisioner.canMake(kind);
  }

  /** Whether anything of the function's is ready, serves a call or is being provisioned. */
  keepsReady(deployed: DeployedFunction): boolean {
    return this.pools.keeps(deployed);
  }

  /** Calls find `after` from now on; those that found `before` are served by it to their end. */
  replace(before: DeployedFunction, after: DeployedFunction): void {
    this.pools.replace(before, after);
    this.provisioner.advance();
  }

  /** Removes what `provision` made for a revision that no call will ever find. */
  abandon(candidate: DeployedFunction): void {
    this.pools.abandon(candidate);
  }

  /** Removes the idle sandboxes of a deleted function; its running calls finish. */
  forget(deployed: DeployedFunction): void {
    this.pools.close(deployed);
  }

  /** Removes every sandbox and provisions no more; resolves when all are gone. */
  async shutDown(): Promise<void> {
    this.cancelReview();
    for (const sandbox of this.settling) this.pools.removals.remove(sandbox);
    await Promise.all([this.provisioner.shutDown(), this.pools.shutDown()]);
    // What was being provisioned, or ended its call, while the pools closed is still being removed.
    await this.pools.shutDown();
  }

  /** Totals over all functions, for metrics and tests. */
  snapshot(): PoolSnapshot {
    const pools = [...this.pools.pools.values()];
    const sum = (field: 'available' | 'busy' | 'waiting' | 'waitingInBackground') =>
      pools.reduce((total, pool) => total + pool[field], 0);
    return {
      ...this.pools.counters,
      functions: pools.length,
      ready: sum('available'),
      busy: sum('busy'),
      waiting: sum('waiting') + sum('waitingInBackground'),
      provisioning: this.provisioner.count,
      prewarmed: this.pools.prewarmed.count,
      kept: this.pools.kept,
      budget: this.budget,
    };
  }

  /** Ids of the functions that have had fewer containers than they should always have, for longer than one takes to create. */
  lackingContainers(): ReadonlySet<string> {
    return this.pools.lacking();
  }

  private takeReady(pool: FunctionPool): AcquiredSandbox | undefined {
    pool.called(this.clock.monotonicMs());
    const ready = this.pools.takeReady(pool);
    if (!ready) return undefined;
    this.pools.counters.hits += 1;
    pool.busy += 1;
    if (pool.deployed.settings.isolation === 'fresh') this.provisioner.advanceSoon();
    return { pool, sandbox: ready, origin: ready.callsServed === 0 ? 'fresh-pool' : 'warm' };
  }

  private async waitFor(
    pool: FunctionPool,
    cancellation: Cancellation,
    inBackground: boolean,
  ): Promise<Sandbox> {
    this.pools.counters.misses += 1;
    if (cancellation.reason) throw cancellation.reason;
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        give: (sandbox) => {
          stopListening();
          pool.busy += 1;
          resolve(sandbox);
        },
        fail: (error) => {
          stopListening();
          reject(error);
        },
      };
      const stopListening = cancellation.onCancel((reason) => {
        if (pool.dequeue(waiter, inBackground)) reject(reason);
      });
      pool.enqueue(waiter, inBackground);
      // A warm function whose containers are all busy gets no other: its call waits for one of them.
      const deficit = inBackground ? backgroundDeficit : callDeficit;
      if (deficit(pool) > 0) this.provisioner.advance();
    });
  }

  /** The worker asked for its next call, went away, or is still busy with the last one. */
  private settled(pool: FunctionPool, sandbox: Sandbox): void {
    this.settling.delete(sandbox);
    pool.busy -= 1;
    if (sandbox.isReady) {
      void sandbox.becomeIdle()?.then(() => {
        this.replaceCrowded(pool, sandbox);
      });
      this.pools.offer(pool, sandbox, true);
    } else {
      this.pools.removals.removeUnfit(sandbox);
      this.provisioner.advance();
    }
  }

  /** Removes a sandbox whose calls left too many processes running: before a call gets it, or after the call that has it. */
  private replaceCrowded(pool: FunctionPool, sandbox: Sandbox): void {
    if (!sandbox.isCrowded || !pool.drop(sandbox)) return;
    this.pools.removals.remove(sandbox);
    this.provisioner.advance();
  }

  private isRetired(sandbox: Sandbox): boolean {
    if (sandbox.isCrowded) return true;
    const ageMs = this.clock.monotonicMs() - sandbox.readySinceMs;
    return sandbox.callsServed >= this.settings.warmCalls || ageMs >= this.settings.warmAgeSeconds * 1000;
  }

  private scheduleReview(): void {
    this.cancelReview = this.clock.schedule(reviewEveryMs, () => {
      this.pools.review();
      this.provisioner.advance();
      void this.idleGuard.inspectOne();
      this.scheduleReview();
    });
  }
}

/** Of a call that has waited for its sandbox. */
function acquiredOf(pool: FunctionPool, sandbox: Sandbox): AcquiredSandbox {
  return { pool, sandbox, origin: sandbox.callsServed === 0 ? sandbox.madeAs : 'warm' };
}

/** What the call prints is of the revision that it found: the sandbox may have been made for an earlier one. */
function begun(deployed: DeployedFunction, acquired: AcquiredSandbox): AcquiredSandbox {
  acquired.sandbox.output.belongsTo(recordedAs(deployed));
  return acquired;
}

function retiredText({ callsServed }: Sandbox): string {
  const { warmCalls, warmAgeSeconds } = sandboxSettings.definitions;
  return `The container has served ${callsServed} calls and is replaced: ${warmCalls.variable} and ${warmAgeSeconds.variable} say when.`;
}
