import { DomainError } from './domain-error.js';

/**
 * Lines with which runtimes and compilers continue a message: frames of a stack, the modules that asked for one, the
 * source around the place. What stands before the first of them says what went wrong.
 */
const excerptLines: readonly RegExp[] = [
  /^\s*at .*[:(<]/,
  /^Require stack:/,
  // `/glambdar/code/index.js:3`, and the same as a URL.
  /^\s*(file:\/\/)?\/\S+:\d+(:\d+)?\)?\s*$/,
  // `> 3 | const x = ;`, and the drawn frames of newer compilers.
  /^\s*>?\s*\d+\s*[|│·]/,
  /^\s*[,╭┌][-─]+\[/,
  // What marks the place under a line of source.
  /^\s*[\^~]+\s*$/,
  // The import that Node advises in the place of the one it has read.
  /^import .+ from ['"]/,
];

/** A message without stack, source lines and the like; empty where it begins with them. */
export function withoutExcerpts(message: string): string {
  const lines = message.split('\n');
  const end = lines.findIndex((line) => excerptLines.some((excerpt) => excerpt.test(line)));
  return end < 0 ? message : lines.slice(0, end).join('\n').trimEnd();
}

/** The error as somebody sees it who may call the function and not see into it: what it printed is left out. */
export function discreet(error: DomainError): DomainError {
  const { output, ...details } = error.details;
  const { errorMessage = '' } = details;
  const shown = withoutExcerpts(errorMessage);
  if (output === undefined && shown === errorMessage) return error;
  const options = { cause: error.cause };
  if (shown === errorMessage) return new DomainError(error.code, error.message, details, options);
  // The sentence quotes the message.
  const message = error.message.replaceAll(errorMessage, () => shown).trimEnd();
  return new DomainError(error.code, message, { ...details, errorMessage: shown }, options);
}
