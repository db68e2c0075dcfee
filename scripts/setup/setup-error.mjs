/** Something the reader can put right: its message is a sentence that says what to do, and is shown without a stack. */
export class SetupError extends Error {
  /** What the script then ends with. */
  exitCode = 1;

  /**
   * @param {string} sentence
   * @param {string} [evidence] the last lines of the program that failed
   */
  constructor(sentence, evidence = '') {
    super(sentence);
    this.name = 'SetupError';
    this.evidence = evidence;
  }
}

/** A script was called with what it does not know. */
export class UsageError extends SetupError {
  /** @override */
  exitCode = 2;

  /**
   * @param {string} sentence
   * @param {string} usage how it is called
   */
  constructor(sentence, usage) {
    super(`${sentence}\n\n${usage}`);
  }
}

/** A setting of the environment breaks its rule; 78, as the server ends with then, tells systemd to leave it at that. */
export class ConfigurationError extends SetupError {
  /** @override */
  exitCode = 78;
}
