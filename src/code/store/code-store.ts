import { DomainError } from '../../common/errors/domain-error.js';
import type { FunctionName } from '../../functions/function-name.js';
import type { VersionKey } from '../../functions/function.js';

/** Looks at unpacked code. Paths are from its root. */
export interface StagedFiles {
  /** Undefined if there is no such file. Rejects if it has more than `maxBytes`. */
  read(path: string, maxBytes: number): Promise<Buffer | undefined>;
  /** Whether something is there, whatever it is. */
  has(path: string): Promise<boolean>;
}

/** An archive that has passed the validator and is unpacked in staging, not yet visible to anyone. */
export interface StagedCode {
  /** Of the uploaded archive, hexadecimal. */
  readonly sha256: string;
  /** Of the unpacked tree: what its published directory must give ever after. */
  readonly codeSha256: string;
  /** Of all files, unpacked. */
  readonly codeBytes: number;
  readonly fileCount: number;
  /** Sentences to whoever sent the archive on how it was read. */
  readonly notes: readonly string[];
  /** Absolute; for a container to read, and gone with `publish` or `discard`. */
  readonly directory: string;
  readonly files: StagedFiles;
  /** Absolute; holds nothing of ours but this upload, and goes with `discard`. */
  readonly scratchDirectory: string;
  /**
   * Adds what this archive holds, checked as an upload is; resolves to the code with it. Nothing that is there is replaced.
   * Rejects as `Upload.unpack` does; the code can then only be discarded.
   */
  add(archivePath: string): Promise<StagedCode>;
  /** Moves the code to its version's directory, durably: after this resolves no crash loses it. */
  publish(name: FunctionName, versionId: string): Promise<void>;
  /** Removes the staging directory; harmless after `publish`. */
  discard(): Promise<void>;
}

/** An upload being received, from its first byte to its unpacked code. */
export interface Upload {
  /** Of the archive, hexadecimal; undefined until it has been unpacked. */
  readonly sha256: string | undefined;
  /**
   * Consumes the stream to its end. Rejects with `ARCHIVE_TOO_LARGE` past the limit, leaving the rest unread, and
   * with `CLIENT_CLOSED` when the stream fails. How long the client may take is the stream's owner's to limit.
   */
  receive(content: NodeJS.ReadableStream): Promise<void>;
  /**
   * Checks every header of the archive, then unpacks it off the main thread, for a function with this `handler`: its
   * file tells where the code's root is. It counts for the key that was shown, if there is one. Rejects with `INVALID_ARCHIVE` or
   * `ARCHIVE_TOO_LARGE` (`details.reason` says which rule), `OVERLOADED`, `RATE_LIMITED`,
   * `INSUFFICIENT_STORAGE` or `STORAGE_UNAVAILABLE`.
   */
  unpack(handler: string, keyId: string | undefined): Promise<StagedCode>;
  /** Stops an unpacking that runs and removes everything staged; call it whatever happened. */
  discard(): Promise<void>;
}

/** A version's code on this machine, which stays until it is released. */
export interface CodeCopy {
  /** Absolute; immutable, readable by every uid. */
  readonly directory: string;
  /** Calling it again does nothing. */
  readonly release: () => void;
}

export function codeUnavailable(cause?: unknown): DomainError {
  return new DomainError(
    'CODE_UNAVAILABLE',
    'The code of this function is missing on the server; publish it again.',
    {},
    { cause },
  );
}

/** What a sweep has found. */
export interface Sweep {
  /** Versions whose directory is missing. */
  readonly missing: readonly VersionKey[];
  /** Paths of what the server did not make; it stays. */
  readonly foreign: readonly string[];
}

/** Where code lives. `test/contract/code-store.contract.ts` is the specification. */
export abstract class CodeStore {
  /** Rejects with `INSUFFICIENT_STORAGE` when the disk is too full to take another archive. */
  abstract beginUpload(): Promise<Upload>;
  /**
   * A copy of a published version on this machine; where there is none yet, it may have to come from elsewhere first.
   * The caller releases it. Rejects with `CODE_UNAVAILABLE` when it cannot be had.
   */
  abstract localCopy(version: VersionKey): Promise<CodeCopy>;
  /**
   * Removes a version's code; one that does not exist counts as removed. While a copy is held it stays, and goes with the
   * last release: then this resolves before it is gone.
   */
  abstract remove(version: VersionKey): Promise<void>;
  /**
   * Makes `targetDirectory`, which must not exist, a copy of a version's tree that shares its files: hard links, so
   * it must be on the same file system. Rejects as `localCopy` does; nothing is left of it on a rejection.
   */
  abstract linkInto(version: VersionKey, targetDirectory: string): Promise<void>;
  /** Removes what `linkInto` made; the version keeps its files. A missing directory counts as removed. */
  abstract unlinkFrom(targetDirectory: string): Promise<void>;
  /** At boot: removes what is staged and the versions that no record names. */
  abstract sweep(known: readonly VersionKey[]): Promise<Sweep>;
}
