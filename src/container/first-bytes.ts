const nothing = Buffer.alloc(0);

/** What the first byte is given room for; the room doubles when it is used up. */
const leastRoomBytes = 64;

/**
 * The first bytes of a stream, within a limit, in one piece however small the pieces are in which they come: a byte
 * costs the same, come alone or with others. Costs no memory until the first byte.
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

  /** Good until the next byte. */
  bytes(): Buffer {
    return this.room.subarray(0, this.used);
  }

  /** Begins anew. */
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
