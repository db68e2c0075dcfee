import { open, statfs } from 'node:fs/promises';

/** Leaves so many bytes free on the disk of the directory. */
export async function fillUpTo(filler: string, directory: string, freeBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const fillBytes = Math.max(0, bavail * bsize - freeBytes);
  const file = await open(filler, 'w');
  try {
    await file.writeFile(Buffer.alloc(fillBytes, 1));
  } finally {
    await file.close();
  }
}
