import type { IncomingMessage } from 'node:http';
import { DomainError } from '../errors/domain-error.js';
import type { Cancellation, StopListening } from '../time/cancellation.js';

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

export interface BodyReading {
  readonly limitBytes: number;
  /** Called with the number of bytes as they arrive; what it throws ends the reading. */
  readonly onBytes?: (bytes: number) => void;
  /** Ends the reading before its time. */
  readonly cancellation?: Cancellation;
}

const noBody = Buffer.alloc(0);

/**
 * The whole body as bytes. Rejects with `PAYLOAD_TOO_LARGE` as soon as the declared or the received length passes the
 * limit, with `MALFORMED_REQUEST` when its chunks stay tiny, with `CLIENT_CLOSED` when the client leaves before the
 * end or has left already, and with the cancellation's reason. What it did not read it leaves in the request: whoever
 * answers an error must discard it.
 */
export async function readRequestBody(request: IncomingMessage, reading: BodyReading): Promise<Buffer> {
  if (!hasBody(request)) return noBody;
  const declared = request.headers['content-length'];
  if (Number(declared) > reading.limitBytes) throw payloadTooLarge(reading.limitBytes);
  // A small body comes with its headers, and Node has it as soon as whoever handles the request waits for anything.
  await Promise.resolve();
  return takeWhole(request, declared, reading) ?? receive(request, reading);
}

/** The body where all of it is there already, without listeners for what can no longer happen. */
function takeWhole(
  request: IncomingMessage,
  declared: string | undefined,
  { onBytes }: BodyReading,
): Buffer | undefined {
  if (request.readableLength !== Number(declared)) return undefined;
  onBytes?.(request.readableLength);
  const body = request.read() as Buffer | null;
  // Lets the stream come to its end, which Node waits for.
  request.resume();
  return body ?? undefined;
}

function receive(
  request: IncomingMessage,
  { limitBytes, onBytes, cancellation }: BodyReading,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks = new ReceivedChunks();
    let stopListening: StopListening | undefined = undefined;
    const onData = (chunk: Buffer) => {
      try {
        if (chunks.bytes + chunk.length > limitBytes) throw payloadTooLarge(limitBytes);
        chunks.add(chunk);
        onBytes?.(chunk.length);
      } catch (error) {
        fail(error as Error);
      }
    };
    const onEnd = () => {
      settle();
      resolve(chunks.whole());
    };
    const onLeave = (cause?: Error) => {
      fail(
        new DomainError(
          'CLIENT_CLOSED',
          'The client disconnected before its request was complete.',
          {},
          { cause },
        ),
      );
    };
    const settle = () => {
      request.off('data', onData).off('end', onEnd).off('close', onLeave);
      stopListening?.();
    };
    const fail = (error: Error) => {
      settle();
      request.pause();
      reject(error);
    };
    // The listener for errors stays: one that comes late must not end the process.
    request.on('data', onData).on('end', onEnd).on('close', onLeave).on('error', onLeave);
    stopListening = cancellation?.onCancel(fail);
    // A request that is gone emits nothing more.
    if (request.destroyed) onLeave();
  });
}

/** Whether the request says that it has a body, which may not have arrived. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

export function payloadTooLarge(limitBytes: number, field = 'body'): DomainError {
  const subject = field === 'body' ? 'The body' : field;
  return new DomainError(
    'PAYLOAD_TOO_LARGE',
    `${subject} must have at most ${limitBytes} bytes; send less.`,
    {
      field,
    },
  );
}
