import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { StepFailure } from '../step-failure.js';

export interface NewFile {
  /** From the root of the project, with slashes. */
  readonly path: string;
  /** Where its bytes are. */
  readonly location: string;
  readonly isExecutable: boolean;
}

export interface NewFiles {
  /** In the order of their paths, so that the same build makes the same archive. */
  readonly files: readonly NewFile[];
  /** Links that lead out of the project, or nowhere. */
  readonly skippedLinks: readonly string[];
}

/** What a function has no use for: npm's own notes, its lock file, and links to programs. */
const leftOut =
  /(?:^|\/)node_modules\/(?:\.bin|\.cache|\.package-lock\.json)$|^(?:package-lock\.json|\.npmrc)$/;

/** Links of directories to each other would go on without end. */
const maxDepth = 64;
const maxFiles = 200_000;

/**
 * The regular files that the steps have made: those that the upload did not have. A link becomes what it leads to, since
 * an archive of code has none.
 */
export async function newFiles(project: string, uploaded: ReadonlySet<string>): Promise<NewFiles> {
  const root = await realpath(project);
  const files: NewFile[] = [];
  const skippedLinks: string[] = [];
  const visit = async (directory: string, prefix: string, depth: number): Promise<void> => {
    const names = await readdir(directory);
    for (const name of names.sort()) {
      const path = prefix + name;
      if (leftOut.test(path) || uploaded.has(path)) continue;
      const location = await inside(root, join(directory, name));
      const info = location === undefined ? undefined : await stat(location);
      if (location === undefined || info === undefined || depth >= maxDepth) skippedLinks.push(path);
      else if (files.length >= maxFiles) throw tooMany();
      else if (info.isDirectory()) await visit(location, `${path}/`, depth + 1);
      else if (info.isFile()) files.push({ path, location, isExecutable: (info.mode & 0o100) !== 0 });
    }
  };
  await visit(root, '', 0);
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, skippedLinks };
}

/** Where a path really is; undefined where that is not in the project, or a directory that the path itself is in. */
async function inside(root: string, location: string): Promise<string | undefined> {
  if (!(await lstat(location)).isSymbolicLink()) return location;
  const target = await realpath(location).catch(() => undefined);
  if (target?.startsWith(root + sep) !== true || location.startsWith(target + sep)) return undefined;
  return target;
}

function tooMany(): StepFailure {
  return new StepFailure(
    'pack',
    `The build made more than ${maxFiles} files. Use fewer or smaller packages.`,
  );
}
