import type { ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web';
import { bytesOf, type Pieces } from './pieces.js';
import { nextTurn } from './primordials.js';

const later = Symbol('later');

/**
 * What a stream holds, if all of it is there at once and not more than `maxBytes`: so an answer whose text was given to
 * `new Response` has a length, and is sent in one piece. Nothing is waited for: a stream that has not ended in one turn
 * of the event loop is a body in pieces, of which the first have been read.
 */
export async function readAtOnce(
  stream: ReadableStream<unknown>,
  maxBytes: number,
): Promise<Buffer | Pieces> {
  const reader = stream.getReader();
  const turn = new Promise<typeof later>((resolve) => {
    nextTurn(() => {
      resolve(later);
    });
  });
  const read: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const reading = reader.read();
    const outcome = bytes > maxBytes ? later : await Promise.race([reading, turn]);
    if (outcome === later) return piecesFrom(reader, read, reading);
    if (outcome.done) return Buffer.concat(read);
    const piece = bytesOf(outcome.value);
    read.push(piece);
    bytes += piece.length;
  }
}

/** The stream from its start; `cancel` lets go of it while a read is still waited for. */
function piecesFrom(
  reader: ReadableStreamDefaultReader<unknown>,
  read: readonly Buffer[],
  reading: ReturnType<typeof reader.read>,
): Pieces & { readonly cancel: () => Promise<void> } {
  // Its failure is that of the read which comes to it; until then nobody waits for it.
  reading.catch(() => undefined);
  const cancel = () => reader.cancel();
  return {
    cancel,
    async *[Symbol.asyncIterator]() {
      try {
        yield* read;
        for (let next = await reading; !next.done; next = await reader.read()) yield next.value;
      } finally {
        await cancel();
      }
    },
  };
}
