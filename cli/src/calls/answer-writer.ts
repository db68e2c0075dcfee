import { safeLines } from '../terminal/safe-text.js';
import type { Printer } from '../terminal/printer.js';
import { textOf } from './call-request.js';

/** Writes an answer's body as it comes: to a pipe or a file as it is, to a terminal as text that it cannot obey. */
export class AnswerWriter {
  private readonly decoder = new TextDecoder();
  private isBinary = false;
  private hasBegun = false;
  /** A carriage return that may belong to a line end. */
  private held = '';
  private endsLine = true;

  constructor(private readonly printer: Printer) {}

  async write(chunk: Uint8Array): Promise<void> {
    if (this.printer.form === 'pipe') {
      await this.printer.write(chunk);
      return;
    }
    if (!this.hasBegun) this.isBinary = looksBinary(chunk);
    this.hasBegun = true;
    if (!this.isBinary) await this.show(this.decoder.decode(chunk, { stream: true }));
  }

  /** A terminal's prompt does not stand behind the answer. */
  async end(): Promise<void> {
    if (this.printer.form === 'pipe') return;
    if (this.isBinary) {
      this.printer.remark('The answer is not text. Write it to a file: `> FILE`.');
      return;
    }
    await this.show(this.decoder.decode(), true);
    if (!this.endsLine) await this.printer.write('\n');
  }

  private async show(decoded: string, isLast = false): Promise<void> {
    const text = this.held + decoded;
    this.held = !isLast && text.endsWith('\r') ? '\r' : '';
    const shown = safeLines(text.slice(0, text.length - this.held.length));
    if (shown === '') return;
    this.endsLine = shown.endsWith('\n');
    await this.printer.write(shown);
  }
}

/** Bytes that are no text, or that no text has. A character may be cut off at the end. */
function looksBinary(chunk: Uint8Array): boolean {
  if (chunk.includes(0)) return true;
  return ![0, 1, 2, 3].some((cut) => textOf(chunk.subarray(0, chunk.length - cut)) !== undefined);
}
