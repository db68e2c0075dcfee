import type { DeployedFunction, FunctionVersion, VersionKey } from '../function.js';

/** Calls to add to a function's record; a function that is gone is passed over. */
export interface InvocationCount {
  readonly functionId: string;
  readonly calls: number;
  readonly lastInvokedAt: Date;
}

/** A version, where its code lies, and what it was when it was published. */
export interface RecordedVersion extends VersionKey, Pick<FunctionVersion, 'codeSha256' | 'codeBytes'> {}

/**
 * The one truth about which functions exist. A promise that resolved is on disk: no crash takes it back.
 * Failures are `DomainError`s: `FUNCTION_EXISTS`, `STORAGE_UNAVAILABLE` (locked or broken), `INSUFFICIENT_STORAGE`.
 * `test/contract/function-store.contract.ts` is the specification.
 */
export abstract class FunctionStore {
  /** Rejects with `FUNCTION_EXISTS` when the name is taken; of several at once exactly one succeeds. */
  abstract insert(deployed: DeployedFunction): Promise<void>;
  /** In the order of deployment. */
  abstract list(): Promise<DeployedFunction[]>;
  /**
   * Makes `next` what the function of its id is: version (recorded, unless it is already), settings, secrets, outcome of
   * loading and revision, all or
   * none of them; counts stay as they are. False, and nothing changed, when no such function exists.
   */
  abstract replace(next: DeployedFunction): Promise<boolean>;
  /** All versions of a function, oldest first; empty when no such function exists. */
  abstract versions(functionId: string): Promise<FunctionVersion[]>;
  /** All versions of all functions, in no order. */
  abstract recordedVersions(): Promise<RecordedVersion[]>;
  /** Forgets versions of a function; never its current one. One that does not exist counts as forgotten. */
  abstract removeVersions(functionId: string, versionIds: readonly string[]): Promise<void>;
  /** False when no such function exists. All its versions go with it. By id, so that a function deployed under the same name later is never meant. */
  abstract remove(functionId: string): Promise<boolean>;
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
