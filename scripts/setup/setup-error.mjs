/** Something the reader can put right: its message is a sentence that says what to do, and is shown without a stack. */
export class SetupError extends Error {
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
