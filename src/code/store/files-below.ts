import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { answeringForStorage, systemErrorCode } from '../../common/errors/storage-failure.js';
import type { StagedFiles } from './code-store.js';

const nothingThere = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR'];

/** The files of a tree that has been checked: no link in it leads out of it. */
export class FilesBelow implements StagedFiles {
  constructor(private readonly root: string) {}

  read(path: string, maxBytes: number): Promise<Buffer | undefined> {
    return answeringForStorage(() =>
      unlessNothingThere(async () => {
        const file = await open(join(this.root, path), 'r');
        try {
          const status = await file.stat();
          if (!status.isFile()) return undefined;
          if (status.size > maxBytes) throw new RangeError(`${path} is too long.`);
          return await file.readFile();
        } finally {
          await file.close();
        }
      }),
    );
  }

  async has(path: string): Promise<boolean> {
    const found = await answeringForStorage(() => unlessNothingThere(() => lstat(join(this.root, path))));
    return found !== undefined;
  }
}

async function unlessNothingThere<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (nothingThere.includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}
