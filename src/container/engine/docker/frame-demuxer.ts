import type { OutputListener } from '../container-engine.js';

/** Stream number (1 is stdout, 2 is stderr), three zeros, then the payload's length, big-endian. */
const headerBytes = 8;
const lengthOffset = 4;
const stdoutNumber = 1;
const nothing = Buffer.alloc(0);

/**
 * Takes the engine's multiplexed output apart, whatever the chunks it arrives in. Holds no more than one header:
 * payload is passed on as it comes, so a container that prints without end costs no memory here.
 */
export class FrameDemuxer {
  private readonly header = Buffer.alloc(headerBytes);
  private headerFilled = 0;
  private payloadLeft = 0;
  private chunk: Buffer = nothing;
  private offset = 0;

  constructor(private readonly onOutput: OutputListener) {}

  /** Takes the next bytes. Call `next` until it has no more before the next `push`. */
  push(chunk: Buffer): void {
    this.chunk = chunk;
    this.offset = 0;
  }

  /** Passes the next chunk on; false when more bytes are needed. */
  next(): boolean {
    const { chunk, offset } = this;
    if (offset >= chunk.length) return false;
    this.offset += this.payloadLeft > 0 ? this.passOn(chunk, offset) : this.fillHeader(chunk, offset);
    return true;
  }

  private fillHeader(chunk: Buffer, offset: number): number {
    const taken = chunk.copy(
      this.header,
      this.headerFilled,
      offset,
      offset + headerBytes - this.headerFilled,
    );
    this.headerFilled += taken;
    if (this.headerFilled === headerBytes) {
      this.payloadLeft = this.header.readUInt32BE(lengthOffset);
      this.headerFilled = 0;
    }
    return taken;
  }

  private passOn(chunk: Buffer, offset: number): number {
    const bytes = chunk.subarray(offset, offset + this.payloadLeft);
    this.payloadLeft -= bytes.length;
    this.onOutput(this.header[0] === stdoutNumber ? 'stdout' : 'stderr', bytes);
    return bytes.length;
  }
}
