/**
 * What the worker says to the author of code that does not load. It is a program of its own beside the worker's, which
 * every container reads when it starts; most never need this one.
 */
import { maxErrorMessageLength, maxStackLength } from '../../src/ipc/protocol/limits.js';
import type { FunctionFailure } from '../../src/ipc/protocol/messages.js';
import { describeFailure } from '../failure.js';
import { contentsOf } from './archive-contents.js';
import { entryFileIn, memberOf } from './entry-file.js';
import { loadAdvice } from './load-advice.js';

export { contentsOf } from './archive-contents.js';
export { missingExportSentences, missingFileSentences } from './missing-handler.js';

/**
 * Like `describeFailure`, with advice if the error is a common one. Readers do not know the machine, so only the first
 * line of the error's message is kept: what Node.js adds are paths and hints of its own.
 */
export function describeLoadFailure(
  thrown: unknown,
  codeDirectory: string,
  handler: string,
): FunctionFailure {
  const failure = describeFailure(thrown);
  const advice = adviceOn(thrown, failure, codeDirectory, handler);
  if (advice === undefined) return failure;
  const [firstLine = ''] = failure.errorMessage.replaceAll(`${codeDirectory}/`, '').split('\n', 1);
  const message = firstLine.slice(0, maxErrorMessageLength - advice.length - 2);
  return {
    ...failure,
    errorMessage: `${message}${/[.!?]$/.test(message) ? '' : '.'} ${advice}`,
    stack: `${failure.stack.slice(0, maxStackLength - advice.length - 1)}\n${advice}`,
  };
}

/** Undefined if it fails: the code may have changed every built-in that this needs, and its own failure matters most. */
function adviceOn(
  thrown: unknown,
  failure: FunctionFailure,
  codeDirectory: string,
  handler: string,
): string | undefined {
  try {
    const entry = entryFileIn(codeDirectory, handler);
    if (entry === undefined) return undefined;
    const code = String(memberOf(thrown, 'code'));
    const contents = contentsOf(codeDirectory);
    return loadAdvice({ ...failure, code, entry, codeDirectory, contents })?.slice(
      0,
      maxErrorMessageLength / 2,
    );
  } catch {
    return undefined;
  }
}
