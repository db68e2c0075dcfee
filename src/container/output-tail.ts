import { FirstBytes } from './first-bytes.js';
import { LastBytes } from './last-bytes.js';

/**
 * What a container printed, within a limit: the first half and the last half of it, since a crash is explained by its
 * last lines and a confusion by its first. Bytes are opaque. Costs no memory until something is printed.
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
