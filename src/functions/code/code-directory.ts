import { join } from 'node:path';
import type { FunctionName } from '../function-name.js';
import type { VersionKey } from './code-store.js';

/** The server's own identifiers only; nothing of a client may ever reach a path by this way. */
const versionIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Where code lies below the installation's directory; both parts are on one file system, so code moves by rename. */
export class CodeDirectory {
  constructor(private readonly installation: { readonly directory: string }) {}

  /** Absolute; exists. */
  get path(): string {
    return this.installation.directory;
  }

  get functions(): string {
    return join(this.path, 'functions');
  }

  get staging(): string {
    return join(this.path, 'staging');
  }

  ofFunction(name: FunctionName): string {
    return join(this.functions, directoryNameOf(name));
  }

  ofVersion({ name, versionId }: VersionKey): string {
    if (!versionIdPattern.test(versionId)) throw new Error('A version id is not one of ours.');
    return join(this.ofFunction(name), versionId);
  }
}

/**
 * `myfunc` lies in `myfunc`; `MyFunc` in `myfunc.5`, whose suffix has one bit per capital, in hexadecimal. Names that
 * differ only in case are different functions, and on a file system that ignores case they would share a directory.
 * No name contains a dot, so the suffix cannot be part of one.
 */
export function directoryNameOf(name: FunctionName): string {
  const capitals = Array.from(name).reduce(
    (bits, character, index) => (/[A-Z]/.test(character) ? bits | (1n << BigInt(index)) : bits),
    0n,
  );
  return capitals === 0n ? name : `${name.toLowerCase()}.${capitals.toString(16)}`;
}

/** Whether a directory may be one that `directoryNameOf` has named. */
export function isFunctionDirectoryName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,63}(\.[1-9a-f][0-9a-f]{0,15})?$/.test(name);
}
