import { Argument, type Command } from 'commander';
import { listFunctions } from '@glambdar/client';
import { withExamples, type AddCommand } from '../command.js';
import { beginningWith, candidatesFor, type Candidate } from '../completion/candidates.js';
import { completionScripts, shells, type Shell } from '../completion/scripts.js';
import type { Context } from '../context.js';
import { words } from '../terminal/sentence.js';

/** Somebody waits at the keyboard. */
const patienceMs = 1000;

export const addCompletion: AddCommand = (program, context) => {
  const command = program
    .command('completion')
    .description('Print a script that lets your shell complete commands, options and names of functions.')
    .addArgument(new Argument('<shell>', 'your shell').choices(shells))
    .action(async (shell: Shell) => {
      const script = completionScripts[shell];
      await context.printer.result({ shell, script }, words(script));
    });
  withExamples(
    command,
    ['source <(glambdar completion bash)', 'for this shell; put it into ~/.bashrc to keep it'],
    ['glambdar completion zsh > ~/.zsh/completions/_glambdar', 'in a directory of your $fpath'],
    ['glambdar completion fish > ~/.config/fish/completions/glambdar.fish', 'for all shells that you open'],
  );
  addComplete(program, context);
};

/** What the scripts call. */
function addComplete(program: Command, context: Context): void {
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (typed: string[]) => {
      const found = candidatesFor(program, typed);
      const candidates =
        found === 'function-names' ? await functionNames(typed.at(-1) ?? '', context) : found;
      await context.printer.write(candidates.map(({ value, about }) => `${value}\t${about}\n`).join(''));
    });
}

/** None where the server does not answer: nobody has asked for an error. */
async function functionNames(begun: string, context: Context): Promise<readonly Candidate[]> {
  try {
    const { client } = await context.server();
    const { data } = await listFunctions({ client, signal: AbortSignal.timeout(patienceMs) });
    // Nothing but a name, whatever answers there: shells are easily led astray.
    const names = (data?.functions ?? []).filter(({ name }) => /^[\w-]+$/.test(name));
    return beginningWith(
      begun,
      names.map(({ name }) => ({ value: name, about: '' })),
    );
  } catch {
    return [];
  }
}
