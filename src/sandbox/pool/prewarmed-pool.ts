import type { Sandbox } from '../sandbox.js';
import { runtimeNames, type RuntimeName } from '../../runtimes/runtime.js';
import { FailureBackOff } from './back-off.js';

/** Booted sandboxes of one runtime without a function. Holds state only; `Provisioner` fills it. */
export class PrewarmedPool {
  provisioning = 0;
  /** Under which it takes part in the budget; no function's pool has it. */
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
