import { frameHeaderBytes } from './limits.js';
import { ProtocolViolation } from './protocol-violation.js';

export interface Frame {
  /** Undecoded: at least one byte, at most the limit. */
  readonly json: Buffer;
  readonly body: Buffer;
}

export interface FrameLimits {
  readonly maxJsonBytes: number;
  readonly maxBodyBytes: number;
}

const nothing = Buffer.alloc(0);

/**
 * Cuts a stream of bytes into frames, however the stream was chunked. Lengths are checked as soon as the header is
 * there, before anything of the frame is kept. A frame inside one chunk is not copied; any other is copied once, into
 * one allocation of its own size, so that many tiny chunks cost no more than one large.
 */
export class FrameDecoder {
  private readonly limits: FrameLimits;
  private chunk: Buffer = nothing;
  private offset = 0;
  private readonly header = Buffer.alloc(frameHeaderBytes);
  private headerFilled = 0;
  private jsonBytes = 0;
  private frameBytes = 0;
  private payload: Buffer | undefined;
  private payloadFilled = 0;

  constructor(limits: FrameLimits) {
    this.limits = limits;
  }

  /** A frame has begun and is not complete. */
  get isInsideFrame(): boolean {
    return this.headerFilled > 0;
  }

  /** Takes the next bytes. Call `next` until it has no more before the next `push`. */
  push(chunk: Buffer): void {
    this.chunk = chunk;
    this.offset = 0;
  }

  /** The next complete frame; undefined when more bytes are needed. Throws `ProtocolViolation` on a length too long. */
  next(): Frame | undefined {
    if (this.headerFilled < frameHeaderBytes && !this.readHeader()) return undefined;
    const payload = this.readPayload();
    if (!payload) return undefined;
    const { jsonBytes } = this;
    this.headerFilled = 0;
    const body = jsonBytes === payload.length ? nothing : payload.subarray(jsonBytes);
    return { json: payload.subarray(0, jsonBytes), body };
  }

  private readHeader(): boolean {
    const taken = Math.min(frameHeaderBytes - this.headerFilled, this.chunk.length - this.offset);
    this.chunk.copy(this.header, this.headerFilled, this.offset, this.offset + taken);
    this.offset += taken;
    this.headerFilled += taken;
    if (this.headerFilled < frameHeaderBytes) return false;

    const jsonBytes = this.header.readUInt32BE(0);
    const bodyBytes = this.header.readUInt32BE(4);
    const { maxJsonBytes, maxBodyBytes } = this.limits;
    if (jsonBytes === 0) throw new ProtocolViolation('invalid-json', 'A frame has no JSON.');
    if (jsonBytes > maxJsonBytes) {
      throw new ProtocolViolation(
        'json-too-long',
        `A frame's JSON may have ${maxJsonBytes} bytes, not ${jsonBytes}.`,
      );
    }
    if (bodyBytes > maxBodyBytes) {
      throw new ProtocolViolation(
        'body-too-long',
        `A frame's body may have ${maxBodyBytes} bytes, not ${bodyBytes}.`,
      );
    }
    this.jsonBytes = jsonBytes;
    this.frameBytes = jsonBytes + bodyBytes;
    return true;
  }

  private readPayload(): Buffer | undefined {
    const { frameBytes, chunk, offset } = this;
    const available = chunk.length - offset;
    if (!this.payload) {
      if (available >= frameBytes) {
        this.offset += frameBytes;
        return chunk.subarray(offset, offset + frameBytes);
      }
      // Of its own, not from the shared pool: pages that the sender never fills are never touched.
      this.payload = Buffer.allocUnsafeSlow(frameBytes);
      this.payloadFilled = 0;
    }
    const taken = Math.min(frameBytes - this.payloadFilled, available);
    chunk.copy(this.payload, this.payloadFilled, offset, offset + taken);
    this.offset += taken;
    this.payloadFilled += taken;
    if (this.payloadFilled < frameBytes) return undefined;
    const complete = this.payload;
    this.payload = undefined;
    return complete;
  }
}

/** A body up to this size is copied next to its header: one small write is cheaper than two. */
const joinedBodyBytes = 16 * 1024;

/**
 * A frame as one or two buffers, to be written in this order without anything in between: the header (JSON length and
 * body length, 32 bits each, big-endian), the JSON, the body.
 */
export function encodeFrame(json: string, body?: Uint8Array): readonly Uint8Array[] {
  const jsonBytes = Buffer.byteLength(json);
  const bodyBytes = body?.length ?? 0;
  const joined = bodyBytes <= joinedBodyBytes;
  const head = Buffer.allocUnsafe(frameHeaderBytes + jsonBytes + (joined ? bodyBytes : 0));
  head.writeUInt32BE(jsonBytes, 0);
  head.writeUInt32BE(bodyBytes, 4);
  head.write(json, frameHeaderBytes);
  if (!body || bodyBytes === 0) return [head];
  if (!joined) return [head, body];
  head.set(body, frameHeaderBytes + jsonBytes);
  return [head];
}
