import { statfs } from 'node:fs/promises';

/** Of the file system that a directory is on, in bytes. */
export interface DiskSpace {
  /** For the server's user. */
  readonly free: number;
  readonly total: number;
}

/** Undefined if it cannot be read. Never rejects. */
export async function diskSpaceOf(directory: string): Promise<DiskSpace | undefined> {
  try {
    const { bavail, blocks, bsize } = await statfs(directory);
    return { free: bavail * bsize, total: blocks * bsize };
  } catch {
    return undefined;
  }
}
