import type { FunctionName } from '../function-name.js';

/** An archive that has passed the gate and lies unpacked in staging, not yet visible to anyone. */
export interface StagedCode {
  readonly sha256: string;
  readonly codeBytes: number;
  readonly fileCount: number;
  /** Moves the code to its version's directory, durably: after this resolves no crash loses it. */
  publish(name: FunctionName, versionId: string): Promise<void>;
  /** Removes the staging directory; harmless after `publish`. */
  discard(): Promise<void>;
}

/** An upload being received; bytes are counted and hashed as they come. */
export interface Upload {
  /** Consumes the stream to its end. Rejects with `ARCHIVE_TOO_LARGE` past the limit. */
  receive(content: NodeJS.ReadableStream): Promise<void>;
  /** Checks every header of the archive, then unpacks it off the main thread. Rejects with `INVALID_ARCHIVE` or `ARCHIVE_TOO_LARGE`. */
  unpack(): Promise<StagedCode>;
  /** Removes everything staged; call it whatever happened. */
  discard(): Promise<void>;
}

export interface VersionKey {
  readonly name: FunctionName;
  readonly versionId: string;
}

/** Where code lives. `test/contract/code-store.contract.ts` is the specification. */
export abstract class CodeStore {
  abstract beginUpload(): Promise<Upload>;
  /** Host directory of a published version: immutable, readable by every uid. */
  abstract directoryOf(version: VersionKey): string;
  abstract remove(version: VersionKey): Promise<void>;
  /** At boot: empties staging and removes what no record names. Returns the versions whose directory is missing. */
  abstract sweep(known: readonly VersionKey[]): Promise<VersionKey[]>;
}
