import { Readable } from 'node:stream';
import { maxChunkBytes, streamWindowChunks } from './protocol/limits.js';
import { ProtocolViolation } from './protocol/protocol-violation.js';
import { responseTooLarge } from './function-errors.js';

/** What a stream needs from the session that fills it. */
export interface StreamSource {
  /** Lets the worker send so many more chunks. */
  grant(chunks: number): void;
  /** Nobody reads any more: discard the rest that the worker sends. */
  abandoned(): void;
}

/** Credit is returned in batches: one small message for several chunks. */
const portionChunks = streamWindowChunks / 2;

/**
 * The body of one answer as its worker produces it. The window limits what the reader has not taken yet: the worker sends
 * no more chunks than it has credit for, and gets credit back as the reader takes them. A worker that sends without
 * credit breaks the protocol. So the host never stops reading from the worker, whose prints and errors must not wait
 * behind a slow client.
 *
 * It fails with `FUNCTION_RESPONSE_TOO_LARGE`, with the function's own error, or with `PeerError` when the worker ends.
 */
export class ResponseStream extends Readable {
  private receivedBytes = 0;
  private ownFailure: Error | undefined;
  private credit = streamWindowChunks;
  /** Passed on, but not yet returned as credit. */
  private owed = 0;
  /** Waiting here because the reader is behind. */
  private held = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly source: StreamSource,
  ) {
    super({ highWaterMark: maxChunkBytes });
    // An unobserved failure must not end the process.
    this.on('error', () => undefined);
  }

  /** Bytes of the body that have come from the worker. */
  get bytes(): number {
    return this.receivedBytes;
  }

  /** Why the body broke off, unless the reader was the reason. */
  get failure(): Error | undefined {
    return this.ownFailure;
  }

  /** Throws `ProtocolViolation` for a chunk without credit. */
  receive(bytes: Buffer): void {
    this.credit -= 1;
    if (this.credit < 0) throw new ProtocolViolation('without-credit', 'A chunk came without credit for it.');
    this.receivedBytes += bytes.length;
    if (this.receivedBytes > this.maxBytes) {
      this.fail(responseTooLarge(this.maxBytes));
      return;
    }
    if (this.push(bytes)) this.passedOn(1);
    else this.held += 1;
  }

  /** The body will never be complete. */
  fail(error: Error): void {
    if (this.destroyed) return;
    this.ownFailure = error;
    this.destroy(error);
  }

  /** The body is complete. */
  finish(): void {
    this.push(null);
  }

  override _read(): void {
    const { held } = this;
    this.held = 0;
    this.passedOn(held);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.source.abandoned();
    callback(error);
  }

  private passedOn(chunks: number): void {
    this.owed += chunks;
    if (this.owed < portionChunks) return;
    this.credit += this.owed;
    this.source.grant(this.owed);
    this.owed = 0;
  }
}
