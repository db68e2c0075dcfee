import { OutputTail } from '../container/output-tail.js';

/** What one call printed, or what was printed outside calls. */
export interface RecordedOutput {
  /** Undefined for what the top-level code printed before the first call. */
  readonly invocationId: string | undefined;
  readonly text: string;
  /** Bytes from the middle that were not kept. */
  readonly droppedBytes: number;
}

/**
 * Ties what a sandbox prints to the call it serves, within a limit. Bytes are opaque: they come from the function
 * and may forge anything, so they are only ever written as one escaped string.
 */
export class OutputRecorder {
  private invocationId: string | undefined;
  private tail: OutputTail;

  constructor(
    private readonly limitBytes: number,
    private readonly onRecorded: (output: RecordedOutput) => void,
  ) {
    this.tail = new OutputTail(limitBytes);
  }

  /** From now on what is printed belongs to this call. */
  begin(invocationId: string): void {
    this.finish();
    this.invocationId = invocationId;
  }

  append(bytes: Buffer): void {
    this.tail.append(bytes);
  }

  /** The last lines of the current call, for the error of a crash. */
  lastLines(): string {
    return this.tail.lastLines();
  }

  /** Hands over what was recorded since `begin`; nothing is handed over twice. */
  finish(): void {
    if (this.tail.totalBytes === 0) return;
    this.onRecorded({
      invocationId: this.invocationId,
      text: this.tail.text(),
      droppedBytes: this.tail.droppedBytes,
    });
    this.tail = new OutputTail(this.limitBytes);
  }
}
