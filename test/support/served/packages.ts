import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

const modules = dirname(dirname(createRequire(import.meta.url).resolve('ws/package.json')));

/** What no program needs to run, and would only make a test's archive larger. */
const leftOut = /(\.(d\.[cm]?ts|ts|map|md|flow)|^LICENSE.*)$/;
const leftOutFolders = new Set(['dist-types', 'dist-es', 'docs', 'test', 'tests']);

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The files of installed packages and of all that they need, by their paths in a function's archive. */
export function packageFiles(names: readonly string[]): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  const done = new Set<string>();
  const add = (folder: string) => {
    if (done.has(folder)) return;
    done.add(folder);
    for (const file of filesBelow(folder))
      files[join('node_modules', relative(modules, file))] = readFileSync(file);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    for (const name of Object.keys(dependencies)) add(folderOf(name, folder));
  };
  for (const name of names) add(join(modules, name));
  return files;
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
    if (!entry.isDirectory() || entry.name === 'node_modules' || leftOutFolders.has(entry.name)) return [];
    return filesBelow(path);
  });
}
