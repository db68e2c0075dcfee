import type { DeployedFunction, FunctionSettings } from '../../functions/function.js';
import { type RuntimeName, runtimeNames } from '../../runtimes/runtime.js';
import type { Sandbox } from '../sandbox.js';
import { FailureBackOff } from './back-off.js';
import type { KeptPart, KeptTotal } from './kept-total.js';
import { type ArrivalRate, keptBy, noArrivals, type PoolView, withArrival } from './pool-policy.js';

/** A call that waits for a sandbox. */
export interface Waiter {
  readonly give: (sandbox: Sandbox) => void;
  readonly fail: (error: Error) => void;
}

/** Weight of the newest measurement in the running average of the provisioning time. */
const newestWeight = 0.3;

/** The sandboxes of a function, of revisions that are the same to them, and the calls that wait for them. Holds state only. */
export class FunctionPool implements PoolView {
  busy = 0;
  /** Its code did not load the last time: calls try it again, but nothing is provisioned ahead of them. */
  isFailing = false;
  closed = false;
  /** After a sandbox could not be provisioned ahead of calls, or died while it was idle. */
  readonly backOff = new FailureBackOff();
  /** Its part of what all pools keep. */
  readonly kept: KeptPart;
  private inProvision = 0;
  private isCalledOnly = false;
  private readonly sandboxes: Sandbox[] = [];
  private readonly callers: Waiter[] = [];
  private readonly background: Waiter[] = [];
  private lackingSinceMs: number | undefined;
  private rate: ArrivalRate = noArrivals;
  private usefulAtMs: number;
  private averageProvisionMs = 300;

  constructor(
    private newest: DeployedFunction,
    lastUsefulAtMs: number,
    total: KeptTotal,
  ) {
    this.usefulAtMs = lastUsefulAtMs;
    this.kept = total.part(newest.settings.memoryMiB);
  }

  /** Its newest revision. */
  get deployed(): DeployedFunction {
    return this.newest;
  }

  /** Once a second. What does not load has a state of its own, and is not provisioned ahead of calls. */
  noteLack(nowMs: number): void {
    const wanted = this.closed || this.isFailing ? 0 : this.deployed.settings.minContainers;
    if (this.available + this.busy >= wanted) this.lackingSinceMs = undefined;
    else this.lackingSinceMs ??= nowMs;
  }

  /** How long it has had fewer containers than it should always have, in milliseconds. */
  lacksFor(nowMs: number): number {
    return this.lackingSinceMs === undefined ? 0 : nowMs - this.lackingSinceMs;
  }

  get settings(): FunctionSettings {
    return this.newest.settings;
  }

  get available(): number {
    return this.sandboxes.length;
  }

  get provisioning(): number {
    return this.inProvision;
  }

  set provisioning(count: number) {
    this.inProvision = count;
    this.recount();
  }

  get waiting(): number {
    return this.callers.length;
  }

  get waitingInBackground(): number {
    return this.background.length;
  }

  get arrivals(): ArrivalRate {
    return this.rate;
  }

  get lastUsefulAtMs(): number {
    return this.usefulAtMs;
  }

  get provisionMs(): number {
    return this.averageProvisionMs;
  }

  get onDemandOnly(): boolean {
    return this.isCalledOnly || this.isFailing;
  }

  set onDemandOnly(isCalledOnly: boolean) {
    this.isCalledOnly = isCalledOnly;
  }

  get isEmpty(): boolean {
    const waiting = this.waiting + this.waitingInBackground;
    return this.provisioning + this.busy + this.available + waiting === 0;
  }

  /** The sandboxes that are ready for a call. */
  get idle(): readonly Sandbox[] {
    return this.sandboxes;
  }

  /** Takes over what is known of the revision before: how often it is called, and how long provisioning takes. */
  succeed(predecessor: FunctionPool): void {
    this.rate = predecessor.rate;
    this.averageProvisionMs = predecessor.averageProvisionMs;
  }

  /** Its sandboxes are this revision's from now on, to which nothing has changed. */
  becomes(after: DeployedFunction): void {
    this.newest = after;
  }

  called(nowMs: number): void {
    this.rate = withArrival(this.rate, nowMs);
    this.usefulAtMs = nowMs;
  }

  /** The newest first: the last one used is warmest, and the oldest ones become surplus. */
  take(): Sandbox | undefined {
    const sandbox = this.sandboxes.pop();
    this.recount();
    return sandbox;
  }

  /** The longest idle, for removal. */
  takeOldest(): Sandbox | undefined {
    const sandbox = this.sandboxes.shift();
    this.recount();
    return sandbox;
  }

  /** Gives the sandbox to the caller who has waited longest, or else to the background; false when none waits. */
  give(sandbox: Sandbox, isForBackground: boolean): boolean {
    const waiter = this.callers.shift() ?? (isForBackground ? this.background.shift() : undefined);
    this.recount();
    waiter?.give(sandbox);
    return waiter !== undefined;
  }

  /** Keeps the sandbox ready for the next call. */
  keep(sandbox: Sandbox): void {
    this.sandboxes.push(sandbox);
    this.recount();
  }

  /** Forgets an idle sandbox; false when it was not among them. */
  drop(sandbox: Sandbox): boolean {
    return this.removeFrom(this.sandboxes, sandbox);
  }

  enqueue(waiter: Waiter, inBackground: boolean): void {
    this.waiters(inBackground).push(waiter);
    this.recount();
  }

  /** The call was cancelled before it got a sandbox; false when it already had one. */
  dequeue(waiter: Waiter, inBackground: boolean): boolean {
    return this.removeFrom(this.waiters(inBackground), waiter);
  }

  /** One failure to provision fails one call of those it was for, which has waited longest; false when none waits. */
  failWaiter(error: Error, inBackground: boolean): boolean {
    const waiter = this.waiters(inBackground).shift();
    this.recount();
    waiter?.fail(error);
    return waiter !== undefined;
  }

  provisioned(tookMs: number): void {
    this.averageProvisionMs += newestWeight * (tookMs - this.averageProvisionMs);
    this.backOff.succeeded();
  }

  private removeFrom<T>(list: T[], item: T): boolean {
    const index = list.indexOf(item);
    if (index < 0) return false;
    list.splice(index, 1);
    this.recount();
    return true;
  }

  /** After every change of what it has, provisions or is waited for. */
  private recount(): void {
    this.kept.becomes(keptBy(this));
  }

  private waiters(inBackground: boolean): Waiter[] {
    return inBackground ? this.background : this.callers;
  }
}

/** Prewarmed sandboxes of one runtime. Holds state only; `Provisioner` fills it. */
export class PrewarmedPool {
  readonly kept: KeptPart;
  /** Its key in the budget; no function's pool has it. */
  readonly poolKey: string;
  readonly backOff = new FailureBackOff();
  private readonly sandboxes: Sandbox[] = [];
  private inProvision = 0;

  constructor(
    readonly runtime: RuntimeName,
    kept: KeptPart,
  ) {
    this.poolKey = runtime;
    this.kept = kept;
  }

  get provisioning(): number {
    return this.inProvision;
  }

  set provisioning(count: number) {
    this.inProvision = count;
    this.recount();
  }

  get count(): number {
    return this.sandboxes.length;
  }

  keep(sandbox: Sandbox): void {
    this.sandboxes.push(sandbox);
    this.recount();
    this.backOff.succeeded();
  }

  /** The oldest first: it has had the longest time to become idle. */
  take(): Sandbox | undefined {
    const sandbox = this.sandboxes.shift();
    this.recount();
    return sandbox;
  }

  /** Forgets a sandbox; false when it was not among them. */
  drop(sandbox: Sandbox): boolean {
    const index = this.sandboxes.indexOf(sandbox);
    if (index >= 0) this.sandboxes.splice(index, 1);
    this.recount();
    return index >= 0;
  }

  private recount(): void {
    this.kept.becomes(this.count + this.provisioning);
  }
}

/** The prewarmed containers of each runtime. */
export class PrewarmedPools {
  /** In the order of `runtimeNames`. */
  readonly all: readonly PrewarmedPool[];
  private readonly byRuntime: ReadonlyMap<RuntimeName, PrewarmedPool>;

  /** `memoryMiB` is what each container may take. */
  constructor(total: KeptTotal, memoryMiB: number) {
    this.all = runtimeNames.map((runtime) => new PrewarmedPool(runtime, total.part(memoryMiB)));
    this.byRuntime = new Map(this.all.map((pool) => [pool.runtime, pool]));
  }

  get count(): number {
    return this.all.reduce((sum, { count }) => sum + count, 0);
  }

  of(runtime: RuntimeName): PrewarmedPool {
    const pool = this.byRuntime.get(runtime);
    if (!pool) throw new Error(`There is no runtime ${runtime}.`);
    return pool;
  }
}
