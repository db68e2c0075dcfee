/** `package.json`, as far as packing needs it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from '../errors/command-error.js';

export interface Manifest {
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
  readonly libc?: string | readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly bundleDependencies?: readonly string[] | boolean;
  readonly bundledDependencies?: readonly string[] | boolean;
}

/** Undefined where there is none. */
export async function readManifest(directory: string): Promise<Manifest | undefined> {
  const file = path.join(directory, 'package.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const manifest = parsed(text.replace(/^\ufeff/, ''));
  if (typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest)) return manifest;
  throw new CommandError('refused', `${file} is not JSON: correct it and pack again.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
