import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { CraftedEntry } from './zip.js';

const modules = dirname(dirname(createRequire(import.meta.url).resolve('ws/package.json')));

/** What no program needs to run, and would only make a test's archive larger. */
const leftOut = /(\.(d\.[cm]?ts|ts|map|md|flow)|^LICENSE.*)$/;
const leftOutFolders = /^(dist-types|dist-es|docs|tests?|deps|(darwin|win32|android|freebsd)-.*)$/;

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  /** One for each platform, as a rule; those of other platforms are not installed. */
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The files of installed packages and of all that they need, by their paths in a function's archive. */
export function packageFiles(names: readonly string[]): Record<string, Buffer> {
  return Object.fromEntries(
    sourcesOf(names).map((source) => [join('node_modules', relative(modules, source)), readFileSync(source)]),
  );
}

/** The same as entries of an archive, whose programs may be executed. */
export function packageEntries(names: readonly string[]): CraftedEntry[] {
  return sourcesOf(names).map((source) => ({
    name: join('node_modules', relative(modules, source)),
    content: readFileSync(source),
    mode: statSync(source).mode,
  }));
}

function sourcesOf(names: readonly string[]): string[] {
  const sources: string[] = [];
  const done = new Set<string>();
  const add = (folder: string) => {
    if (done.has(folder)) return;
    done.add(folder);
    sources.push(...filesBelow(folder));
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    for (const name of Object.keys(manifest.dependencies ?? {})) add(folderOf(name, folder));
    for (const name of Object.keys(manifest.optionalDependencies ?? {})) {
      const optional = folderOf(name, folder);
      if (existsSync(optional)) add(optional);
    }
  };
  for (const name of names) add(join(modules, name));
  return sources;
}

/** As Node finds it: in the package's own `node_modules`, or in one above. */
function folderOf(name: string, from: string): string {
  const own = join(from, 'node_modules', name);
  if (existsSync(own) || from === modules) return existsSync(own) ? own : join(modules, name);
  return folderOf(name, dirname(from));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return leftOut.test(entry.name) ? [] : [path];
    if (!entry.isDirectory() || entry.name === 'node_modules' || leftOutFolders.test(entry.name)) return [];
    return filesBelow(path);
  });
}
