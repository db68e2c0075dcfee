import type { FunctionName } from './function-name.js';

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
