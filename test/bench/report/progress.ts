/** Shows how far a run is: on a terminal one line that changes; in a log a line now and then. To standard error. */

const LOG_INTERVAL_MS = 5_000;

export class Progress {
  #title = '';
  #startedAt = 0;
  #lastLineAt = 0;
  #isTerminal = process.stderr.isTTY;

  /** @param title of the row that begins */
  begin(title: string) {
    this.#title = title;
    this.#startedAt = performance.now();
    this.#lastLineAt = 0;
    this.tell('begins');
  }

  tell(text: string) {
    const now = performance.now();
    if (!this.#isTerminal && now - this.#lastLineAt < LOG_INTERVAL_MS) return;
    this.#lastLineAt = now;
    process.stderr.write(this.#isTerminal ? `\r\x1b[K${this.#line(text)}` : `${this.#line(text)}\n`);
  }

  end(text: string) {
    process.stderr.write(`${this.#isTerminal ? '\r\x1b[K' : ''}${this.#line(text)}\n`);
  }

  #line(text: string) {
    const seconds = (performance.now() - this.#startedAt) / 1_000;
    return `${this.#title}  ${seconds.toFixed(0)} s  ${text}`;
  }
}
