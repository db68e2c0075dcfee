import type { DeployedFunction } from '../../functions/function.js';
import { type RuntimeName, runtimeNames } from '../../runtimes/runtime.js';
import type { Sandbox } from '../sandbox.js';
import { FailureBackOff } from './back-off.js';
import { type ArrivalRate, noArrivals, type PoolView, withArrival } from './pool-policy.js';

/** A call that waits for a sandbox. */
export interface Waiter {
  readonly give: (sandbox: Sandbox) => void;
  readonly fail: (error: Error) => void;
}

/** Weight of the newest measurement in the running average of the provisioning time. */
const newestWeight = 0.3;

/** The sandboxes of a function, of revisions that are the same to them, and the calls that wait for them. Holds state only. */
export class FunctionPool {
  provisioning = 0;
  busy = 0;
  onDemandOnly = false;
  /** Its code did not load the last time: calls try it again, but nothing is provisioned ahead of them. */
  isFailing = false;
  closed = false;
  /** After a sandbox could not be provisioned ahead of calls, or died while it was idle. */
  readonly backOff = new FailureBackOff();
  private readonly available: Sandbox[] = [];
  private readonly callers: Waiter[] = [];
  private readonly background: Waiter[] = [];
  private arrivals: ArrivalRate = noArrivals;
  private lackingSinceMs: number | undefined;
  private provisionMs = 300;

  constructor(
    private newest: DeployedFunction,
    private lastUsefulAtMs: number,
  ) {}

  /** Its newest revision. */
  get deployed(): DeployedFunction {
    return this.newest;
  }

  /** Once a second. What does not load has a state of its own, and is not provisioned ahead of calls. */
  noteLack(nowMs: number): void {
    const wanted = this.closed || this.isFailing ? 0 : this.deployed.settings.minContainers;
    if (this.available.length + this.busy >= wanted) this.lackingSinceMs = undefined;
    else this.lackingSinceMs ??= nowMs;
  }

  /** How long it has had fewer containers than it should always have, in milliseconds. */
  lacksFor(nowMs: number): number {
    return this.lackingSinceMs === undefined ? 0 : nowMs - this.lackingSinceMs;
  }

  view(): PoolView {
    return {
      settings: this.deployed.settings,
      available: this.available.length,
      provisioning: this.provisioning,
      busy: this.busy,
      waiting: this.callers.length,
      waitingInBackground: this.background.length,
      arrivals: this.arrivals,
      lastUsefulAtMs: this.lastUsefulAtMs,
      provisionMs: this.provisionMs,
      onDemandOnly: this.onDemandOnly || this.isFailing,
      closed: this.closed,
    };
  }

  get isEmpty(): boolean {
    const waiting = this.callers.length + this.background.length;
    return this.provisioning + this.busy + this.available.length + waiting === 0;
  }

  /** The sandboxes that are ready for a call. */
  get idle(): readonly Sandbox[] {
    return this.available;
  }

  /** Takes over what is known of the revision before: how often it is called, and how long provisioning takes. */
  succeed(predecessor: FunctionPool): void {
    this.arrivals = predecessor.arrivals;
    this.provisionMs = predecessor.provisionMs;
  }

  /** Its sandboxes are this revision's from now on, to which nothing has changed. */
  becomes(after: DeployedFunction): void {
    this.newest = after;
  }

  called(nowMs: number): void {
    this.arrivals = withArrival(this.arrivals, nowMs);
    this.lastUsefulAtMs = nowMs;
  }

  /** The newest first: the last one used is warmest, and the oldest ones become surplus. */
  take(): Sandbox | undefined {
    return this.available.pop();
  }

  /** The longest idle, for removal. */
  takeOldest(): Sandbox | undefined {
    return this.available.shift();
  }

  /** Gives the sandbox to the caller who has waited longest, or else to the background; false when none waits. */
  give(sandbox: Sandbox, isForBackground: boolean): boolean {
    const waiter = this.callers.shift() ?? (isForBackground ? this.background.shift() : undefined);
    waiter?.give(sandbox);
    return waiter !== undefined;
  }

  /** Keeps the sandbox ready for the next call. */
  keep(sandbox: Sandbox): void {
    this.available.push(sandbox);
  }

  /** Forgets an idle sandbox; false when it was not among them. */
  drop(sandbox: Sandbox): boolean {
    const index = this.available.indexOf(sandbox);
    if (index >= 0) this.available.splice(index, 1);
    return index >= 0;
  }

  enqueue(waiter: Waiter, inBackground: boolean): void {
    this.waiters(inBackground).push(waiter);
  }

  /** The call was cancelled before it got a sandbox; false when it already had one. */
  dequeue(waiter: Waiter, inBackground: boolean): boolean {
    const queue = this.waiters(inBackground);
    const index = queue.indexOf(waiter);
    if (index >= 0) queue.splice(index, 1);
    return index >= 0;
  }

  /** One failure to provision fails one call of those it was for, which has waited longest; false when none waits. */
  failWaiter(error: Error, inBackground: boolean): boolean {
    const waiter = this.waiters(inBackground).shift();
    waiter?.fail(error);
    return waiter !== undefined;
  }

  provisioned(tookMs: number): void {
    this.provisionMs += newestWeight * (tookMs - this.provisionMs);
    this.backOff.succeeded();
  }

  private waiters(inBackground: boolean): Waiter[] {
    return inBackground ? this.background : this.callers;
  }
}

/** Prewarmed sandboxes of one runtime. Holds state only; `Provisioner` fills it. */
export class PrewarmedPool {
  provisioning = 0;
  /** Its key in the budget; no function's pool has it. */
  readonly poolKey: string;
  readonly backOff = new FailureBackOff();
  private readonly sandboxes: Sandbox[] = [];

  constructor(readonly runtime: RuntimeName) {
    this.poolKey = runtime;
  }

  get count(): number {
    return this.sandboxes.length;
  }

  keep(sandbox: Sandbox): void {
    this.sandboxes.push(sandbox);
    this.backOff.succeeded();
  }

  /** The oldest first: it has had the longest time to become idle. */
  take(): Sandbox | undefined {
    return this.sandboxes.shift();
  }

  /** Forgets a sandbox; false when it was not among them. */
  drop(sandbox: Sandbox): boolean {
    const index = this.sandboxes.indexOf(sandbox);
    if (index >= 0) this.sandboxes.splice(index, 1);
    return index >= 0;
  }
}

/** The prewarmed containers of each runtime. */
export class PrewarmedPools {
  /** In the order of `runtimeNames`. */
  readonly all: readonly PrewarmedPool[] = runtimeNames.map((runtime) => new PrewarmedPool(runtime));
  private readonly byRuntime = new Map(this.all.map((pool) => [pool.runtime, pool]));

  get count(): number {
    return this.all.reduce((sum, { count }) => sum + count, 0);
  }

  of(runtime: RuntimeName): PrewarmedPool {
    const pool = this.byRuntime.get(runtime);
    if (!pool) throw new Error(`There is no runtime ${runtime}.`);
    return pool;
  }
}
