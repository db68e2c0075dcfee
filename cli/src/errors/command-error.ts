import { exitCodes, type Exit } from './exit-codes.js';

/** Why a command cannot go on, in a sentence for the person who gave it, and what they can do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly exit: Exit,
    message: string,
    /** What to do next, where the message does not say so. */
    readonly hint?: string,
  ) {
    super(message);
  }

  get exitCode(): number {
    return exitCodes[this.exit].code;
  }
}

export function usageError(message: string, hint?: string): CommandError {
  return new CommandError('usage', message, hint);
}

/** Ctrl-C: nothing needs to be said about it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
