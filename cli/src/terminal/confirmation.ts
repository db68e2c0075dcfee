import { CommandError, usageError } from '../errors/command-error.js';
import type { Ask } from './ask.js';

/** Asks before something that cannot be undone; where nobody can be asked, `--yes` is needed. */
export async function confirmed(ask: Ask, question: string, isYes: boolean | undefined): Promise<void> {
  if (isYes === true) return;
  if (!ask.isPossible)
    throw usageError(
      'This cannot be undone, and there is no terminal to ask at.',
      'Add `--yes` if you mean it.',
    );
  if (!(await ask.confirm(question)))
    throw new CommandError('refused', 'You did not confirm it, so nothing has changed.');
}
