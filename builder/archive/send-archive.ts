import { ZipFile } from 'yazl';
import { maxBuildChunkBytes } from '../../src/builds/protocol/limits.js';
import { StepFailure } from '../step-failure.js';
import type { NewFile } from './new-files.js';

/** The same files are the same archive, whenever they were made. */
const mtime = new Date(Date.UTC(1980, 0, 1));
/** Most of the time of a better compression is lost: the archive stays on one machine. */
const compressionLevel = 1;

const mebibyte = 1024 * 1024;

type SendChunk = (bytes: Uint8Array) => Promise<void>;

/** Packs the files and sends the archive as it is made; resolves to its bytes. Without files there is no archive. */
export async function sendArchive(
  files: readonly NewFile[],
  maxBytes: number,
  sendChunk: SendChunk,
): Promise<number> {
  if (files.length === 0) return 0;
  const zip = new ZipFile();
  // A file that cannot be read ends the archive.
  zip.on('error', (error: Error) => zip.outputStream.emit('error', error));
  for (const { path, location, isExecutable } of files) {
    const mode = isExecutable ? 0o100755 : 0o100644;
    zip.addFile(location, path, { mtime, mode, compressionLevel, forceDosTimestamp: true });
  }
  zip.end();
  let bytes = 0;
  for await (const chunk of gathered(zip.outputStream as AsyncIterable<Buffer>)) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    await sendChunk(chunk);
  }
  return bytes;
}

/** In chunks as large as may be: an archive has two small pieces for each file. */
async function* gathered(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const piece of source) {
    held.push(piece);
    heldBytes += piece.length;
    if (heldBytes < maxBuildChunkBytes) continue;
    const all = Buffer.concat(held, heldBytes);
    const whole = heldBytes - (heldBytes % maxBuildChunkBytes);
    for (let start = 0; start < whole; start += maxBuildChunkBytes)
      yield all.subarray(start, start + maxBuildChunkBytes);
    held = [all.subarray(whole)];
    heldBytes -= whole;
  }
  if (heldBytes > 0) yield Buffer.concat(held, heldBytes);
}

function tooLarge(maxBytes: number): StepFailure {
  const limit = maxBytes >= mebibyte ? `${Math.floor(maxBytes / mebibyte)} MiB` : `${maxBytes} bytes`;
  return new StepFailure(
    'pack',
    `What the build made is larger than the ${limit} that code may have. Use fewer or smaller packages.`,
  );
}
