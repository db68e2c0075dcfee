import type { OutputListener, OutputStream } from './engine/container-engine.js';

/** Passes on what a container prints and keeps both ends of it. It never waits: a full pipe would block the container. */
export class PrintedOutput {
  readonly tail: OutputTail;
  private readonly listeners: OutputListener[] = [];

  constructor(limitBytes: number) {
    this.tail = new OutputTail(limitBytes);
  }

  accept(stream: OutputStream, bytes: Buffer): void {
    this.tail.append(bytes);
    for (const listener of this.listeners) listener(stream, bytes);
  }

  /** A process can print before anybody listens, so what was kept of that is given first, as stdout. */
  listen(listener: OutputListener): void {
    if (this.tail.totalBytes > 0) listener('stdout', Buffer.from(this.tail.text()));
    this.listeners.push(listener);
  }
}

/**
 * What a container printed, within a limit: the first half and the last half of it, since the last lines
 * explain a crash, and the first lines a wrong start. Bytes are opaque. Costs no memory until something is printed.
 */
export class OutputTail {
  /** All bytes that were printed, kept or not. */
  totalBytes = 0;
  private readonly head: FirstBytes;
  private readonly tail: LastBytes;

  constructor(private readonly limitBytes: number) {
    const headBytes = Math.floor(limitBytes / 2);
    this.head = new FirstBytes(headBytes);
    this.tail = new LastBytes(limitBytes - headBytes);
  }

  /** Bytes from the middle that were not kept. */
  get droppedBytes(): number {
    return Math.max(0, this.totalBytes - this.limitBytes);
  }

  append(bytes: Buffer): void {
    const toHead = this.head.append(bytes);
    this.totalBytes += bytes.length;
    if (toHead < bytes.length) this.tail.append(bytes.subarray(toHead));
  }

  /** The kept bytes as text; a sentence stands where the middle was dropped. */
  text(): string {
    const gap = this.droppedBytes > 0 ? `\n[${this.droppedBytes} bytes not kept]\n` : '';
    if (gap === '') return Buffer.concat([this.head.bytes(), this.tail.bytes()]).toString('utf8');
    return `${this.head.bytes().toString('utf8')}${gap}${this.tail.bytes().toString('utf8')}`;
  }

  /** The end of the output, at most `maxBytes`, cut to whole lines where it has any. */
  lastLines(maxBytes = 2048): string {
    const kept =
      this.droppedBytes > 0 ? this.tail.bytes() : Buffer.concat([this.head.bytes(), this.tail.bytes()]);
    if (kept.length <= maxBytes) return kept.toString('utf8').trimEnd();
    const cut = kept.subarray(kept.length - maxBytes);
    const lineEnd = cut.indexOf('\n');
    const whole = lineEnd >= 0 && lineEnd < cut.length - 1 ? cut.subarray(lineEnd + 1) : cut;
    return whole.toString('utf8').trimEnd();
  }
}

const nothing = Buffer.alloc(0);

/** What the first byte is given room for; the room doubles when it is used up. */
const leastRoomBytes = 64;

/**
 * The first bytes of a stream, within a limit, in one buffer however small the chunks are: a byte costs the
 * same, whether it comes alone or with others. Costs no memory until the first byte.
 */
export class FirstBytes {
  private room = nothing;
  private used = 0;

  constructor(private readonly limitBytes: number) {}

  get length(): number {
    return this.used;
  }

  /** Keeps as many as there is room for, and says how many. */
  append(bytes: Buffer): number {
    const kept = Math.min(bytes.length, this.limitBytes - this.used);
    if (kept <= 0) return 0;
    this.makeRoomFor(this.used + kept);
    bytes.copy(this.room, this.used, 0, kept);
    this.used += kept;
    return kept;
  }

  /** Valid until the next byte. */
  bytes(): Buffer {
    return this.room.subarray(0, this.used);
  }

  /** Drops the kept bytes and starts again. */
  clear(): void {
    this.room = nothing;
    this.used = 0;
  }

  private makeRoomFor(bytes: number): void {
    if (bytes <= this.room.length) return;
    const wanted = Math.max(leastRoomBytes, bytes, 2 * this.room.length);
    const larger = Buffer.allocUnsafeSlow(Math.min(this.limitBytes, wanted));
    this.bytes().copy(larger);
    this.room = larger;
  }
}

/** The last bytes of a stream, within a limit. Costs no memory until the first byte. */
export class LastBytes {
  /** All bytes that were appended, kept or not. */
  totalBytes = 0;
  private ring = Buffer.alloc(0);
  /** The newest byte is before it, the oldest at it once the ring is full. */
  private end = 0;

  constructor(private readonly limitBytes: number) {}

  get droppedBytes(): number {
    return Math.max(0, this.totalBytes - this.limitBytes);
  }

  append(bytes: Buffer): void {
    if (this.ring.length === 0) this.ring = Buffer.alloc(this.limitBytes);
    this.totalBytes += bytes.length;
    const kept = bytes.subarray(Math.max(0, bytes.length - this.limitBytes));
    const untilEdge = Math.min(kept.length, this.limitBytes - this.end);
    kept.copy(this.ring, this.end, 0, untilEdge);
    kept.copy(this.ring, 0, untilEdge);
    this.end = (this.end + kept.length) % this.limitBytes;
  }

  bytes(): Buffer {
    if (this.totalBytes < this.limitBytes) return this.ring.subarray(0, this.totalBytes);
    return Buffer.concat([this.ring.subarray(this.end), this.ring.subarray(0, this.end)]);
  }
}
