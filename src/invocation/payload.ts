const nothing = Buffer.alloc(0);

/**
 * What an invocation is given, held in memory until its worker has answered: a slow reader of the answer, or a stream
 * that lasts, holds nothing of what was asked.
 */
export class Payload {
  readonly bytes: number;
  private held: Buffer;
  private isHeld = true;

  /** `onDiscard` is told once, when the bytes are no longer held. */
  constructor(
    content: Buffer,
    private readonly onDiscard: () => void,
  ) {
    this.held = content;
    this.bytes = content.length;
  }

  /** Empty once it was discarded. */
  get content(): Buffer {
    return this.held;
  }

  /** May be called again, and then does nothing. */
  discard(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.held = nothing;
    this.onDiscard();
  }
}
