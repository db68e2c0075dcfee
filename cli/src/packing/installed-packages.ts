/** The packages that a function needs, found where Node.js would find them from its folder. */
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { readManifest, type Manifest } from './manifest.js';
import { CommandError } from '../errors/command-error.js';
import { isNamedFor, runsOn, type Platform } from './platform.js';

interface Found {
  readonly directory: string;
  readonly manifest: Manifest;
}

/** Directories of packages, by the name under which they are asked for. */
export type Needs = ReadonlyMap<string, string>;

export interface InstalledPackages {
  /** By the directory of who asks, nearest to the function first, the function's folder as the first; all are real paths. */
  readonly needs: Map<string, Needs>;
  readonly leftOut: string[];
  /** Sentences on what may be missing. */
  readonly notes: string[];
}

/**
 * What the folder's `package.json` depends on, and what that depends on, without development dependencies and without
 * optional packages for other platforms. Without a `package.json` it is all that its `node_modules` holds.
 */
export async function installedPackages(folder: string, platform: Platform): Promise<InstalledPackages> {
  const root = await realpath(folder);
  const manifest = await readManifest(root);
  const installed: InstalledPackages = { needs: new Map(), leftOut: [], notes: [] };
  const queue: Found[] = [{ directory: root, manifest: manifest ?? (await allOf(root)) }];
  for (const asking of queue) {
    if (installed.needs.has(asking.directory)) continue;
    const found = await needsOf(asking, platform, installed);
    installed.needs.set(
      asking.directory,
      new Map([...found].map(([name, { directory }]) => [name, directory])),
    );
    queue.push(...found.values());
  }
  return installed;
}

async function needsOf(
  { directory, manifest }: Found,
  platform: Platform,
  installed: InstalledPackages,
): Promise<Map<string, Found>> {
  const optional = Object.keys(manifest.optionalDependencies ?? {});
  const required = Object.keys(manifest.dependencies ?? {}).filter((name) => !optional.includes(name));
  // Whoever installs decides which peers there are; those that there are belong to it.
  const peers = Object.keys(manifest.peerDependencies ?? {});
  const bundled = [...listOf(manifest.bundleDependencies), ...listOf(manifest.bundledDependencies)];
  const found = new Map<string, Found>();
  for (const name of new Set([...required, ...optional, ...peers, ...bundled])) {
    const dependency = await lookUp(directory, name);
    const isRequired = required.includes(name);
    if (dependency === undefined) {
      if (!isRequired) continue;
      throw new CommandError(
        'refused',
        `The package ${name} is not installed: run npm install in the function's folder.`,
      );
    }
    if (runsOn(name, dependency.manifest, platform) || isRequired) found.set(name, dependency);
    else installed.leftOut.push(`node_modules/${name}`);
  }
  installed.notes.push(...missingOf(optional, found, platform));
  return found;
}

/** It may be `true` as well, for all dependencies. */
function listOf(bundled: Manifest['bundleDependencies']): readonly string[] {
  return Array.isArray(bundled) ? (bundled as readonly string[]) : [];
}

/** npm installs only those optional packages that run on the machine where it is asked. */
function missingOf(
  optional: readonly string[],
  found: ReadonlyMap<string, Found>,
  platform: Platform,
): string[] {
  const named = optional.filter((name) => isNamedFor(name, platform));
  if (named.length === 0 || named.some((name) => found.has(name))) return [];
  const { os, cpu, libc } = platform;
  return [
    `The package ${named.join(' or ')} is not installed, and the function may need it: ` +
      `run npm install --os=${os} --cpu=${cpu} --libc=${libc} in its folder and pack it again.`,
  ];
}

/** `from` is a real path. */
async function lookUp(from: string, name: string): Promise<Found | undefined> {
  for (let directory = from; ; directory = path.dirname(directory)) {
    const candidate = path.join(directory, 'node_modules', name);
    if (path.basename(directory) !== 'node_modules' && (await isDirectory(candidate))) {
      return { directory: await realpath(candidate), manifest: (await readManifest(candidate)) ?? {} };
    }
    if (directory === path.dirname(directory)) return undefined;
  }
}

/** The names of all that is in the folder's `node_modules`. */
async function allOf(root: string): Promise<Manifest> {
  const modules = path.join(root, 'node_modules');
  const names = await Promise.all(
    (await namesIn(modules)).map(async (name) =>
      name.startsWith('@')
        ? (await namesIn(path.join(modules, name))).map((inner) => `${name}/${inner}`)
        : [name],
    ),
  );
  return { peerDependencies: Object.fromEntries(names.flat().map((name) => [name, '*'])) };
}

async function namesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => !name.startsWith('.')).sort();
}

async function isDirectory(candidate: string): Promise<boolean> {
  return (await stat(candidate).catch(() => undefined))?.isDirectory() === true;
}
