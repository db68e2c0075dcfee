import { DomainError } from '../errors/domain-error.js';

/** So many chunks may be of any size: a client may write its first lines as it makes them. */
const freeChunks = 512;

/** From then on chunks have at least this size on average. */
const leastAverageBytes = 64;

/**
 * Counts the chunks of a body as they arrive. Each costs an event and a buffer of some hundred bytes, whatever it
 * carries, so a body whose chunks stay tiny is refused: it would take a core for as long as it lasts.
 */
export class ChunkSizes {
  private count = 0;
  private received = 0;

  get bytes(): number {
    return this.received;
  }

  /** Throws `MALFORMED_REQUEST` when the chunks are too small to go on. */
  add(bytes: number): void {
    this.count += 1;
    this.received += bytes;
    if (this.count <= freeChunks || this.received >= this.count * leastAverageBytes) return;
    throw new DomainError(
      'MALFORMED_REQUEST',
      `The body arrives in too many tiny chunks; send chunks of at least ${leastAverageBytes} bytes on average, or the body with its Content-Length.`,
    );
  }
}
