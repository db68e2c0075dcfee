import { chmod, link, mkdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { entriesBelow, forEachLimited, removeTree, type TreeEntry } from './directory-tree.js';

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

async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { mode: directoryMode });
  // The process's umask narrows what mkdir is asked for.
  await chmod(path, directoryMode);
}
