import { chmod, link, lstat, mkdir, open, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { systemErrorCode } from '../../common/errors/storage-failure.js';

interface TreeEntry {
  /** From the tree's root. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link';
}

/** Open files are few per process, and file operations run four at a time anyway. */
const parallelOperations = 16;

/** Of the copy's directories: the server removes them, containers of every uid read them. */
const directoryMode = 0o755;

/**
 * Copies the tree `source` to `target`, which must not exist, on the same file system: directories and symbolic links
 * are made anew, files are hard links. Leaves nothing behind when it rejects.
 */
export async function linkTree(source: string, target: string): Promise<void> {
  const entries = await entriesBelow(source);
  const ofKind = (kind: TreeEntry['kind']) => entries.filter((entry) => entry.kind === kind);
  await makeDirectory(target);
  try {
    for (const { path } of ofKind('directory')) await makeDirectory(join(target, path));
    await forEachLimited(ofKind('file'), ({ path }) => link(join(source, path), join(target, path)));
    await forEachLimited(ofKind('link'), async ({ path }) => {
      await symlink(await readlink(join(source, path)), join(target, path));
    });
  } catch (error) {
    await removeTree(target);
    throw error;
  }
}

/** Everything below `root`, each directory before what is in it; links are named, never followed. */
async function entriesBelow(root: string): Promise<TreeEntry[]> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  return entries
    .map((entry) => ({
      path: join(relative(root, entry.parentPath), entry.name),
      kind: entry.isDirectory()
        ? ('directory' as const)
        : entry.isSymbolicLink()
          ? ('link' as const)
          : ('file' as const),
    }))
    .sort((a, b) => depthOf(a) - depthOf(b));
}

/**
 * Removes a tree of ours; a missing one counts as removed. Its directories are read-only, so they are opened first.
 * Files are never made writable: other trees share them.
 */
export async function removeTree(root: string): Promise<void> {
  try {
    if ((await lstat(root)).isDirectory()) await openDirectories(root);
    await rm(root, { recursive: true, force: true });
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}

async function openDirectories(root: string): Promise<void> {
  await chmod(root, 0o700);
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (entry.isDirectory()) await openDirectories(join(root, entry.name));
  }
}

/** Runs `action` on each item, a limited number at a time. Rejects with the first error, once none is running. */
export async function forEachLimited<T>(
  items: Iterable<T>,
  action: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const errors: unknown[] = [];
  const work = async () => {
    for (let next = queue.next(); next.done !== true && errors.length === 0; next = queue.next()) {
      await action(next.value).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: parallelOperations }, work));
  if (errors.length > 0) throw errors[0];
}

function depthOf({ path }: TreeEntry): number {
  return path.split(/[\\/]/).length;
}

async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { mode: directoryMode });
  // The process's umask narrows what mkdir is asked for.
  await chmod(path, directoryMode);
}

const readOnly = 0o555;
const movable = 0o755;

/**
 * Moves a synced tree to `target` so that it survives a power failure: a rename alone does not, the directories on
 * the way must be synced as well. The tree is closed for writing after the move, because moving it needs its write
 * permission. When it rejects, nothing is left at `target`.
 */
export async function moveDurably(source: string, target: string): Promise<void> {
  const parent = dirname(target);
  await chmod(source, movable);
  await renameInto(source, target);
  try {
    await chmod(target, readOnly);
    await syncDirectory(target);
    await syncDirectory(parent);
    await syncDirectory(dirname(parent));
  } catch (error) {
    await removeTree(target);
    throw error;
  }
}

/** The parent may be removed at the same moment, with the function's last version: then it is made again. */
async function renameInto(source: string, target: string): Promise<void> {
  const attempts = 3;
  for (let attempt = 1; ; attempt++) {
    await mkdir(dirname(target), { recursive: true });
    try {
      await rename(source, target);
      return;
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT' || attempt === attempts) throw error;
    }
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
