/** Shows how far a run is: on a terminal one line that changes; in a log a line now and then. To standard error. */

const LOG_INTERVAL_MS = 5_000;

export class Progress {
  #title = '';
  #startedAt = 0;
  #lastLineAt = 0;
  #isTerminal = process.stderr.isTTY === true;

  /** @param {string} title of the row that begins */
  begin(title) {
    this.#title = title;
    this.#startedAt = performance.now();
    this.#lastLineAt = 0;
    this.tell('begins');
  }

  /** @param {string} text */
  tell(text) {
    const now = performance.now();
    if (!this.#isTerminal && now - this.#lastLineAt < LOG_INTERVAL_MS) return;
    this.#lastLineAt = now;
    process.stderr.write(this.#isTerminal ? `\r\x1b[K${this.#line(text)}` : `${this.#line(text)}\n`);
  }

  /** @param {string} text */
  end(text) {
    process.stderr.write(`${this.#isTerminal ? '\r\x1b[K' : ''}${this.#line(text)}\n`);
  }

  /** @param {string} text */
  #line(text) {
    const seconds = (performance.now() - this.#startedAt) / 1_000;
    return `${this.#title}  ${seconds.toFixed(0)} s  ${text}`;
  }
}
