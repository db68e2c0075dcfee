import { chmod, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemErrorCode } from '../../common/errors/storage-failure.js';
import { removeTree } from './directory-tree.js';

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
