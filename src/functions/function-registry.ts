import { DomainError } from '../common/errors/domain-error.js';
import type { Clock } from '../common/time/clock.js';
import { changeTo, deletionOf, type FunctionChange } from './change-feed.js';
import type { FunctionName } from './function-name.js';
import {
  type DeployedFunction,
  functionExists,
  functionNotFound,
  type FunctionSettings,
  type Qualifier,
  type VersionKey,
} from './function.js';
import { HostIndex } from './hosts/host-index.js';
import type { InvocationCounter } from './invocation-counter.js';

/** The leases of one function, version by version; a call in flight may have begun with one that is not current. */
class LeasesByVersion {
  private readonly byVersionId = new Map<string, VersionLeases>();

  of(versionId: string): VersionLeases {
    let leases = this.byVersionId.get(versionId);
    if (!leases) {
      leases = new VersionLeases();
      this.byVersionId.set(versionId, leases);
    }
    return leases;
  }

  /** Those of a version that nobody can begin with any more. */
  retire(versionId: string): VersionLeases {
    const leases = this.of(versionId);
    this.byVersionId.delete(versionId);
    return leases;
  }
}

/** How many calls in flight need a version's code. */
export class VersionLeases {
  private inFlight = 0;
  private readonly waiting: (() => void)[] = [];

  get areOpen(): boolean {
    return this.inFlight > 0;
  }

  /** The returned function gives the lease back; calling it again does nothing. */
  acquire(): () => void {
    this.inFlight += 1;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.inFlight -= 1;
      if (this.inFlight === 0) for (const resolve of this.waiting.splice(0)) resolve();
    };
  }

  /** Resolves when no lease is open; at once when none is. Ask only when no new ones can be acquired. */
  async drained(): Promise<void> {
    if (!this.areOpen) return;
    await new Promise<void>((resolve) => {
      this.waiting.push(resolve);
    });
  }
}

/** A call's hold on the version it started with: its code stays on disk until the release. */
export interface FunctionLease {
  /** As it was deployed; its counts are not kept up to date. */
  readonly deployed: DeployedFunction;
  /** Call it exactly once, whatever happened; further calls do nothing. */
  release(): void;
}

interface Entry {
  deployed: DeployedFunction;
  readonly leases: LeasesByVersion;
  /** Of the version in `deployed`. */
  currentLeases: VersionLeases;
  invokeCount: number;
  lastInvokedAt: Date | null;
}

/** The effect of a change on this server's view of a function. */
export type RegistryStep =
  | { readonly kind: 'deployed'; readonly after: DeployedFunction }
  | { readonly kind: 'replaced'; readonly before: DeployedFunction; readonly after: DeployedFunction }
  | { readonly kind: 'deleted'; readonly before: DeployedFunction };

/** Deleted functions of which a late notice is still known for what it is. */
const deletedKept = 1000;

/**
 * Which functions exist, in memory, so that no call waits for the store: a cache that follows the change feed. Written to
 * only after the store has agreed.
 */
export class FunctionRegistry {
  readonly hosts = new HostIndex();
  private readonly entries = new Map<FunctionName, Entry>();
  private readonly reserved = new Set<FunctionName>();
  private readonly deleted = new Set<string>();

  /**
   * `broken` are ids of versions whose code is not on the disk as it was published: their functions stay listed, so
   * that somebody notices, and refuse calls.
   */
  constructor(
    private readonly counter: InvocationCounter,
    private readonly clock: Clock,
    private readonly maxFunctions: number,
    loaded: readonly DeployedFunction[] = [],
    private readonly broken = new Set<string>(),
  ) {
    for (const deployed of loaded) this.apply(changeTo(deployed));
  }

  get count(): number {
    return this.entries.size;
  }

  /** Including counts that are not on disk yet. */
  find(name: FunctionName): DeployedFunction | undefined {
    const entry = this.entries.get(name);
    return entry && current(entry);
  }

  has(name: FunctionName): boolean {
    return this.entries.has(name);
  }

  /** Of any text; undefined if it is no function's name. Copies nothing, because every call over HTTP asks. */
  settingsOf(name: string): FunctionSettings | undefined {
    return this.entries.get(name as FunctionName)?.deployed.settings;
  }

  /** Throws `FUNCTION_NOT_FOUND`. */
  get(name: FunctionName): DeployedFunction {
    return current(this.entryOf(name));
  }

  /** In the order of deployment. */
  list(): DeployedFunction[] {
    return [...this.entries.values()].map(current);
  }

  /**
   * Throws `FUNCTION_NOT_FOUND`, `VERSION_NOT_FOUND` when a version is asked for that is not the current one, or
   * `CODE_UNAVAILABLE` when the function's code is broken.
   */
  requireCallable(name: FunctionName, qualifier: Qualifier = 'latest'): void {
    this.callable(name, qualifier);
  }

  /** Throws as `requireCallable` does. */
  lease(name: FunctionName, qualifier: Qualifier = 'latest'): FunctionLease {
    const { deployed, currentLeases } = this.callable(name, qualifier);
    return { deployed, release: currentLeases.acquire() };
  }

  /** True of a version whose code was found missing or changed on the disk. */
  isBroken(versionId: string): boolean {
    return this.broken.has(versionId);
  }

  /** From now on calls of a function that runs this version are refused. */
  markBroken(versionId: string): void {
    this.broken.add(versionId);
  }

  /** Its code is intact again. */
  markWhole(versionId: string): void {
    this.broken.delete(versionId);
  }

  /** Leases of calls in flight on an old version, which no new call can use. */
  retireVersion({ id, name }: DeployedFunction, versionId: string): VersionLeases {
    const entry = this.entries.get(name);
    return entry?.deployed.id === id ? entry.leases.retire(versionId) : new LeasesByVersion().of(versionId);
  }

  /** Counts one call; called once for each, when it gets its permit. */
  admitted({ deployed }: FunctionLease): void {
    const entry = this.entries.get(deployed.name);
    // Deleted meanwhile: its record is gone, and a new function of the same name is another one.
    if (entry?.deployed.id !== deployed.id) return;
    const now = this.clock.wallTime();
    entry.invokeCount += 1;
    if (entry.lastInvokedAt === null || entry.lastInvokedAt < now) entry.lastInvokedAt = now;
    this.counter.count(deployed.id, now);
  }

  /** Throws `FUNCTION_EXISTS` when the name is in use or about to be. */
  requireFree(name: FunctionName): void {
    if (this.entries.has(name)) throw functionExists(name);
    if (this.reserved.has(name)) throw functionExists(name, 'is being deployed at this moment');
  }

  /**
   * Keeps the name, and a place among the functions, for one deployment; the returned function gives both back.
   * Throws `FUNCTION_EXISTS`, or `INSUFFICIENT_STORAGE` when the server holds as many functions as it may.
   */
  reserve(name: FunctionName): () => void {
    this.requireFree(name);
    if (this.entries.size + this.reserved.size >= this.maxFunctions) {
      throw new DomainError(
        'INSUFFICIENT_STORAGE',
        `The server holds ${this.maxFunctions} functions and may hold no more; delete one that nobody needs, or ask the operator to raise GLAMBDAR_MAX_FUNCTIONS.`,
      );
    }
    this.reserved.add(name);
    return () => {
      this.reserved.delete(name);
    };
  }

  /**
   * From now on calls find what the change has made. Revisions only grow, and a deleted function does not come back: a
   * change that comes late or twice does nothing.
   */
  apply(change: FunctionChange): RegistryStep[] {
    const { functionId, name, revision, current } = change;
    if (this.deleted.has(functionId)) return [];
    const entry = this.entries.get(name);
    if (!current) {
      this.rememberDeleted(functionId);
      if (entry?.deployed.id !== functionId) return [];
      this.entries.delete(name);
      this.hosts.delete(name);
      return [{ kind: 'deleted', before: entry.deployed }];
    }
    if (entry?.deployed.id === functionId) {
      return revision > entry.deployed.revision ? [this.replace(entry, current)] : [];
    }
    // A name is of one function at a time, so the one that had it is gone.
    const gone = entry ? this.apply(deletionOf(entry.deployed)) : [];
    this.register(current);
    return [...gone, { kind: 'deployed', after: current }];
  }

  /** The outcome of loading the revision that the function is now; null when it loads. */
  markLoaded({ name }: DeployedFunction, loadFailure: string | null): void {
    const entry = this.entryOf(name);
    entry.deployed = { ...entry.deployed, loadFailure };
  }

  /** Leases of the calls in flight, version by version; they outlive the function. */
  leasesOf({ name }: DeployedFunction): LeasesByVersion {
    return this.entryOf(name).leases;
  }

  private register(deployed: DeployedFunction): void {
    const { invokeCount, lastInvokedAt } = deployed;
    const leases = new LeasesByVersion();
    const currentLeases = leases.of(deployed.version.id);
    this.hosts.add(deployed.name, deployed.settings.hosts);
    this.entries.set(deployed.name, { deployed, leases, currentLeases, invokeCount, lastInvokedAt });
  }

  /** Its counts go on. */
  private replace(entry: Entry, after: DeployedFunction): RegistryStep {
    const before = entry.deployed;
    entry.deployed = after;
    this.hosts.set(after.name, after.settings.hosts);
    entry.currentLeases = entry.leases.of(after.version.id);
    return { kind: 'replaced', before, after };
  }

  private rememberDeleted(functionId: string): void {
    this.deleted.add(functionId);
    const [oldest] = this.deleted;
    if (this.deleted.size > deletedKept && oldest !== undefined) this.deleted.delete(oldest);
  }

  private callable(name: FunctionName, qualifier: Qualifier): Entry {
    const entry = this.entryOf(name);
    if (qualifier !== 'latest' && qualifier !== entry.deployed.version.number) throw notCurrent(qualifier);
    if (!this.broken.has(entry.deployed.version.id)) return entry;
    throw new DomainError(
      'CODE_UNAVAILABLE',
      'The code of this function is missing or was changed on the server; publish it again.',
    );
  }

  private entryOf(name: FunctionName): Entry {
    const entry = this.entries.get(name);
    if (entry) return entry;
    throw functionNotFound(name);
  }
}

/** The place of a function's code. */
export function versionKeyOf({ name, version }: DeployedFunction): VersionKey {
  return { name, versionId: version.id };
}

function notCurrent(version: number): DomainError {
  return new DomainError(
    'VERSION_NOT_FOUND',
    `Version ${version} is not the current one of this function, and only that can be called; roll back to it, or call the function without a version.`,
    { field: 'version' },
  );
}

function current({ deployed, invokeCount, lastInvokedAt }: Entry): DeployedFunction {
  return { ...deployed, invokeCount, lastInvokedAt };
}
