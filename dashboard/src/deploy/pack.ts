import { Zip, ZipDeflate } from 'fflate';
import type { CodeFile } from './code-files.js';

/** The same for the same code whenever it is packed, and the first day that a zip can name. */
const packedAt = new Date(1980, 0, 1);

/** Packs file by file, so that the page stays alive and one file at a time is in memory. */
export async function pack(
  files: readonly CodeFile[],
  onProgress: (part: number) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const finished = Promise.withResolvers<Blob>();
  const zip = new Zip((error, chunk, isLast) => {
    if (error) finished.reject(error);
    else chunks.push(new Uint8Array(chunk));
    if (isLast) finished.resolve(new Blob(chunks, { type: 'application/zip' }));
  });
  for (const [index, { path, read }] of inOrder(files).entries()) {
    signal.throwIfAborted();
    const entry = new ZipDeflate(path, { level: 6 });
    entry.mtime = packedAt;
    zip.add(entry);
    entry.push(await read(), true);
    onProgress((index + 1) / files.length);
  }
  zip.end();
  return finished.promise;
}

/** A browser lists a folder in any order. */
function inOrder(files: readonly CodeFile[]): readonly CodeFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}
