import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';
import { DomainError } from '../../common/errors/domain-error.js';
import { storageFailure } from '../../common/errors/storage-failure.js';
import { PassingBytes } from '../../common/request-body/passing-bytes.js';
import { archiveRefusal } from '../archive/archive-refusal.js';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
const ownerOnly = 0o600;

/** What is written at once: a client decides how small its chunks are, and each write costs the same. */
const blockBytes = 256 * 1024;

/** After each block: an upload takes less than half of the event loop's time, however fast its client is. */
const restMs = 1;

/** Writes the stream to a new file, one block after the other, so that a fast client waits for the disk. */
export async function receiveArchive(
  content: NodeJS.ReadableStream,
  path: string,
  maxBytes: number,
): Promise<void> {
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, ownerOnly).catch(rethrow);
  try {
    for await (const block of blocksOf(content, maxBytes)) {
      // Of a handle, `writeFile` continues where the last one stopped, and repeats short writes.
      await file.writeFile(block).catch(rethrow);
      await after(restMs);
    }
  } finally {
    await file.close();
  }
}

/** Each block is in the same memory as the one before, which must have been written by then. */
async function* blocksOf(content: NodeJS.ReadableStream, maxBytes: number): AsyncGenerator<Buffer> {
  const block = Buffer.allocUnsafeSlow(blockBytes);
  const passing = new PassingBytes();
  let receivedBytes = 0;
  let used = 0;
  for await (const chunk of chunksOf(content)) {
    receivedBytes += chunk.length;
    if (receivedBytes > maxBytes) {
      throw archiveRefusal('archive_too_large', `The archive is larger than ${maxBytes} bytes.`);
    }
    for (let taken = 0; taken < chunk.length;) {
      const copied = chunk.copy(block, used, taken);
      taken += copied;
      used += copied;
      if (used < blockBytes) continue;
      yield block;
      used = 0;
    }
    passing.add(chunk.length);
  }
  if (used > 0) yield block.subarray(0, used);
}

/** Whatever the source raises means that the rest will not come, unless it is an answer of our own. */
async function* chunksOf(content: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  // Destroying a request's stream would close the connection before the client could read why.
  const chunks = content instanceof Readable ? content.iterator({ destroyOnReturn: false }) : content;
  try {
    for await (const chunk of chunks as AsyncIterable<Buffer | string>) {
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError('CLIENT_CLOSED', 'The upload ended before it was complete.', {}, { cause: error });
  }
}

function rethrow(error: unknown): never {
  throw storageFailure(error);
}
