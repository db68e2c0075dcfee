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

/** A chunk below this size is copied to others of its kind; a larger one is kept as it came. */
const smallChunkBytes = 1024;

const blockBytes = 16 * 1024;

const nothing = Buffer.alloc(0);

/**
 * The chunks of a body as they arrive. Small ones are copied together: six MiB in chunks of one byte, each in a buffer
 * of its own, would take 2 GiB.
 */
export class ReceivedChunks {
  private readonly sizes = new ChunkSizes();
  private readonly parts: Buffer[] = [];
  private block = nothing;
  private blockUsed = 0;
  private isFirst = true;

  get bytes(): number {
    return this.sizes.bytes;
  }

  /** Throws as `ChunkSizes` does. */
  add(chunk: Buffer): void {
    this.sizes.add(chunk.length);
    if (this.isFirst || chunk.length >= smallChunkBytes) {
      this.closeBlock();
      this.parts.push(chunk);
    } else this.copy(chunk);
    this.isFirst = false;
  }

  /** Nearly every body arrives in one chunk, which then needs no copy. */
  whole(): Buffer {
    this.closeBlock();
    return this.parts.length === 1 ? (this.parts[0] ?? nothing) : Buffer.concat(this.parts, this.bytes);
  }

  private copy(chunk: Buffer): void {
    if (this.block.length - this.blockUsed < chunk.length) {
      this.closeBlock();
      this.block = Buffer.allocUnsafeSlow(blockBytes);
    }
    this.blockUsed += chunk.copy(this.block, this.blockUsed);
  }

  private closeBlock(): void {
    if (this.blockUsed > 0) this.parts.push(this.block.subarray(0, this.blockUsed));
    // What is left of the block goes on being used.
    this.block = this.block.subarray(this.blockUsed);
    this.blockUsed = 0;
  }
}
