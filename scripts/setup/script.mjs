/** How each script ends: its exit code, or one sentence when it could not do its work. */

/**
 * Runs a script's body and sets the exit code that it resolves to (0 for none).
 * @param {() => Promise<number | void>} body
 */
export async function runScript(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.exitCode = error.exitCode;
    if (error.evidence !== '') console.error(error.evidence.trimEnd());
    console.error(`\n${error.message}`);
  }
}

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
