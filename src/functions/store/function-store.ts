import type { DeployedFunction, FunctionVersion, VersionKey } from '../function.js';

/** Calls to add to a function's record; a function that is gone is passed over. */
export interface InvocationCount {
  readonly functionId: string;
  readonly calls: number;
  readonly lastInvokedAt: Date;
}

/** A version, where its code is, and what it was when it was published. */
export interface RecordedVersion extends VersionKey, Pick<FunctionVersion, 'codeSha256' | 'codeBytes'> {}

/**
 * What came of a change. `done`: it is on disk, and no crash takes it back. `conflict`: nothing was changed, because what it
 * was to replace is not current any more. `unknown`: the answer to the commit was lost, so it may be either; nothing may be
 * deleted because of it before the store has been asked what is true.
 */
export type ChangeOutcome = 'done' | 'conflict' | 'unknown';

/** A change of a function that is there. */
export interface NextRevision {
  /** What the function becomes: version (recorded, unless it is already), settings, secrets, outcome of loading. Counts stay as they are. */
  readonly next: DeployedFunction;
  /** The revision that is current until then; the one of `next` follows it. */
  readonly replaces: number;
  /** Tells this change from any other that may lead to the same revision. */
  readonly changeId: string;
  /** Versions that are let go of in the same step; the current one stays whatever is asked. */
  readonly forgets?: readonly string[];
}

/**
 * The one truth about which functions exist. A change names the revision that it replaces, so that several servers can work
 * on one store. What rejects has changed nothing: `DomainError`s with `HOST_TAKEN` (another function has a host that this one
 * was to get), `STORAGE_UNAVAILABLE` (locked or broken) or `INSUFFICIENT_STORAGE`. `test/contract/function-store.contract.ts` is the specification.
 */
export abstract class FunctionStore {
  /** A new function; `conflict` when the name is taken. Of several at once exactly one is `done`. */
  abstract insert(deployed: DeployedFunction): Promise<ChangeOutcome>;
  /** All of it or nothing; `conflict` when the function is gone or has another revision. */
  abstract replace(change: NextRevision): Promise<ChangeOutcome>;
  /** Removes a function and all its versions; `conflict` when it is gone or has another revision. */
  abstract remove(deployed: Pick<DeployedFunction, 'id' | 'revision'>): Promise<ChangeOutcome>;
  /** Whether `replace` has made this change, one of the function's newest hundred. */
  abstract hasChange(functionId: string, changeId: string): Promise<boolean>;
  /** By id, so that a function deployed under the same name later is never meant; undefined when there is none. */
  abstract find(functionId: string): Promise<DeployedFunction | undefined>;
  /** In the order of deployment. */
  abstract list(): Promise<DeployedFunction[]>;
  /** All versions of a function, oldest first; empty when no such function exists. */
  abstract versions(functionId: string): Promise<FunctionVersion[]>;
  /** All versions of all functions, in no order. */
  abstract recordedVersions(): Promise<RecordedVersion[]>;
  /**
   * All counts in one transaction: on a rejection none was added. They survive a crash of the process; a power cut
   * may take the last of them back.
   */
  abstract addInvocations(counts: readonly InvocationCount[]): Promise<void>;
  /**
   * Why this revision of a function did not load, or null when it did; nothing when it is not the function's any more.
   * Survives a crash as counts do.
   */
  abstract recordLoad(functionId: string, revision: number, failure: string | null): Promise<void>;
  /** Resolves when the store can be read and written. */
  abstract check(): Promise<void>;
  /** Releases the store; no call may follow. */
  abstract close(): Promise<void>;
}

/** How many of a function's changes `hasChange` knows. */
export const changesKept = 100;
