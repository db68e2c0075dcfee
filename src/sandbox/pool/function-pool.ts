import type { DeployedFunction } from '../../functions/function.js';
import type { Sandbox } from '../sandbox.js';
import { noArrivals, withArrival, type ArrivalRate } from './arrival-rate.js';
import type { PoolView } from './pool-policy.js';

/** A call that waits for a sandbox. */
export interface Waiter {
  readonly give: (sandbox: Sandbox) => void;
  readonly fail: (error: Error) => void;
}

/** After a failure to make one ahead of calls: wait, each time twice as long, at most a minute. */
const firstPauseMs = 1000;
const longestPauseMs = 60_000;

/** Weight of the newest measurement in the running average of the making time. */
const newestWeight = 0.3;

/** The sandboxes of one revision of a function, and the calls that wait for them. Holds state only; `SandboxService` decides and acts. */
export class FunctionPool {
  making = 0;
  busy = 0;
  onDemandOnly = false;
  /** Its code did not load when that was last tried: calls try it again, nothing is made ahead of them. */
  isFailing = false;
  closed = false;
  pausedUntilMs = 0;
  private readonly available: Sandbox[] = [];
  private readonly waiters: Waiter[] = [];
  private arrivals: ArrivalRate = noArrivals;
  private lastUsefulAtMs: number;
  private makeMs = 300;
  private pauseMs = firstPauseMs;

  constructor(
    readonly deployed: DeployedFunction,
    nowMs: number,
  ) {
    this.lastUsefulAtMs = nowMs;
  }

  view(): PoolView {
    return {
      settings: this.deployed.settings,
      available: this.available.length,
      making: this.making,
      busy: this.busy,
      waiting: this.waiters.length,
      arrivals: this.arrivals,
      lastUsefulAtMs: this.lastUsefulAtMs,
      makeMs: this.makeMs,
      onDemandOnly: this.onDemandOnly || this.isFailing,
      closed: this.closed,
    };
  }

  get isEmpty(): boolean {
    return this.making + this.busy + this.available.length + this.waiters.length === 0;
  }

  get waiting(): readonly Sandbox[] {
    return this.available;
  }

  /** Calls go on as they came to the revision before, and making is likely to take as long. */
  succeed(predecessor: FunctionPool): void {
    this.arrivals = predecessor.arrivals;
    this.makeMs = predecessor.makeMs;
  }

  called(nowMs: number): void {
    this.arrivals = withArrival(this.arrivals, nowMs);
    this.lastUsefulAtMs = nowMs;
  }

  /** The newest first: what has been used last is warmest, and the oldest fall idle. */
  take(): Sandbox | undefined {
    return this.available.pop();
  }

  /** The longest waiting, for removal. */
  takeOldest(): Sandbox | undefined {
    return this.available.shift();
  }

  /** Gives the sandbox to the call that waits longest; false when none waits. */
  give(sandbox: Sandbox): boolean {
    const waiter = this.waiters.shift();
    waiter?.give(sandbox);
    return waiter !== undefined;
  }

  /** Keeps the sandbox ready for the next call. */
  keep(sandbox: Sandbox): void {
    this.available.push(sandbox);
  }

  /** Forgets an available sandbox; false when it was not among them. */
  drop(sandbox: Sandbox): boolean {
    const index = this.available.indexOf(sandbox);
    if (index >= 0) this.available.splice(index, 1);
    return index >= 0;
  }

  wait(waiter: Waiter): void {
    this.waiters.push(waiter);
  }

  /** The call left before it got a sandbox; false when it already had one. */
  leave(waiter: Waiter): boolean {
    const index = this.waiters.indexOf(waiter);
    if (index >= 0) this.waiters.splice(index, 1);
    return index >= 0;
  }

  /** One failed making fails one call, the one that waits longest. */
  failWaiter(error: Error): boolean {
    const waiter = this.waiters.shift();
    waiter?.fail(error);
    return waiter !== undefined;
  }

  made(tookMs: number): void {
    this.makeMs += newestWeight * (tookMs - this.makeMs);
    this.pauseMs = firstPauseMs;
  }

  /** Nothing is made ahead for a while: the last one could not be made, or died while it waited. */
  pause(nowMs: number): void {
    this.pausedUntilMs = nowMs + this.pauseMs;
    this.pauseMs = Math.min(this.pauseMs * 2, longestPauseMs);
  }
}
