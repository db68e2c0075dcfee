import { maxChunkBytes, streamWindowChunks } from '../src/ipc/protocol/limits.js';
import { chunkJson } from '../src/ipc/protocol/messages.js';
import type { FrameWriter } from './frame-writer.js';
import { bytesOf, type Pieces } from './pieces.js';

/**
 * Sends one streamed body, each piece as soon as the function has made it. With no credit left it waits, and asks the
 * function for nothing more meanwhile: a slow client slows the function down, and nothing piles up.
 */
export class StreamSender {
  private credit = streamWindowChunks;
  private wake: () => void = () => undefined;
  private readonly writer: FrameWriter;

  constructor(writer: FrameWriter) {
    this.writer = writer;
  }

  /** The host has passed so many chunks on. */
  grant(chunks: number): void {
    this.credit += chunks;
    this.wake();
  }

  /** Resolves when all is sent; rejects with whatever the body throws, and closes the body then. */
  async send(pieces: Pieces): Promise<void> {
    for await (const piece of pieces) {
      const bytes = bytesOf(piece);
      for (let start = 0; start < bytes.length; start += maxChunkBytes) {
        while (this.credit === 0) await this.moreCredit();
        this.credit -= 1;
        this.writer.sendJson(chunkJson, bytes.subarray(start, start + maxChunkBytes));
      }
    }
  }

  private moreCredit(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
