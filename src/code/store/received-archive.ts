import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { DomainError } from '../../common/errors/domain-error.js';
import { storageFailure } from '../../common/errors/storage-failure.js';
import { archiveRefusal } from '../archive/archive-refusal.js';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
const ownerOnly = 0o600;

/** What is written at once: a client decides how small its chunks are, and each write costs the same. */
const blockBytes = 64 * 1024;

/** Writes the stream to a new file, one block after the other, so that a fast client waits for the disk. */
export async function receiveArchive(
  content: NodeJS.ReadableStream,
  path: string,
  maxBytes: number,
): Promise<void> {
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, ownerOnly).catch(rethrow);
  try {
    let receivedBytes = 0;
    for await (const block of blocksOf(content)) {
      receivedBytes += block.length;
      if (receivedBytes > maxBytes) {
        throw archiveRefusal('archive_too_large', `The archive is larger than ${maxBytes} bytes.`);
      }
      await append(file, block);
    }
  } finally {
    await file.close();
  }
}

async function* blocksOf(content: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  let gathered: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(content)) {
    gathered.push(chunk);
    bytes += chunk.length;
    if (bytes < blockBytes) continue;
    yield Buffer.concat(gathered, bytes);
    gathered = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(gathered, bytes);
}

/** Whatever the source raises means that the rest will not come, unless it is an answer of our own. */
async function* chunksOf(content: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  // Destroying a request's stream would close the connection before the client could read why.
  const chunks = content instanceof Readable ? content.iterator({ destroyOnReturn: false }) : content;
  try {
    for await (const chunk of chunks as AsyncIterable<Buffer | string>) yield Buffer.from(chunk as Buffer);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError('CLIENT_CLOSED', 'The upload ended before it was complete.', {}, { cause: error });
  }
}

async function append(file: FileHandle, chunk: Buffer): Promise<void> {
  // Of a handle, `writeFile` continues where the last one stopped, and repeats short writes.
  await file.writeFile(chunk).catch(rethrow);
}

function rethrow(error: unknown): never {
  throw storageFailure(error);
}
