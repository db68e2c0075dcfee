import { open, statfs } from 'node:fs/promises';

/** Leaves so many bytes free on the disk of the directory, or fewer where the server writes at this moment, too. */
export async function fillUpTo(filler: string, directory: string, freeBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const fillBytes = Math.max(0, bavail * bsize - freeBytes);
  const file = await open(filler, 'w');
  try {
    await file.writeFile(Buffer.alloc(fillBytes, 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await file.close();
  }
}
