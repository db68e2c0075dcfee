import { once } from 'node:events';
import type { Host } from '../host.js';
import { safeJson, safeLines } from './safe-text.js';
import { styleFor, type Style } from './style.js';
import type { Screen, View } from './view.js';

/** How results are written: for a person at a terminal, for a program in a pipe, or as JSON where that is asked for. */
type Form = 'terminal' | 'pipe' | 'json';

const defaultColumns = 80;

/** The one place that decides how what a command found is written. Results go to standard output, remarks to standard error. */
export class Printer {
  readonly form: Form;
  private readonly screen: Screen;
  private readonly remarkStyle: Style;

  constructor(
    private readonly host: Host,
    { isJson }: { readonly isJson: boolean },
  ) {
    const { stdout, stderr, environment } = host;
    this.form = isJson ? 'json' : stdout.isTTY === true ? 'terminal' : 'pipe';
    this.remarkStyle = styleFor(environment, stderr);
    this.screen = {
      style: styleFor(environment, stdout),
      // A terminal that does not know its width says 0.
      columns: stdout.columns === undefined || stdout.columns === 0 ? defaultColumns : stdout.columns,
      now: host.now(),
    };
  }

  /** What a command found: as JSON the value that the server gave, otherwise its view. */
  async result(value: unknown, view: View): Promise<void> {
    await this.write(this.form === 'json' ? `${safeJson(value, 2)}\n` : this.text(view));
  }

  /** One of many, as it comes: as JSON a line of its own. */
  async item(value: unknown, view: View): Promise<void> {
    await this.write(this.form === 'json' ? `${safeJson(value)}\n` : this.text(view));
  }

  /** Waits where the reader is slower, so that what is streamed does not pile up. */
  async write(chunk: string | Uint8Array): Promise<void> {
    const { stdout, interrupted } = this.host;
    if (!stdout.write(chunk)) await once(stdout, 'drain', { signal: interrupted });
  }

  /** Something for the person beside the result. */
  remark(text: string): void {
    this.host.stderr.write(`${safeLines(text)}\n`);
  }

  warn(text: string): void {
    this.host.stderr.write(`${this.remarkStyle('yellow', 'warning:')} ${safeLines(text)}\n`);
  }

  /** What went wrong, where the command goes on. */
  fail(text: string): void {
    this.host.stderr.write(`${this.remarkStyle('red', 'error:')} ${safeLines(text)}\n`);
  }

  private text(view: View): string {
    return this.form === 'terminal' ? view.onTerminal(this.screen) : view.inPipe();
  }
}
