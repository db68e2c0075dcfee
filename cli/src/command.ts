import type { Command } from 'commander';
import type { Context } from './context.js';

/** Adds one command to the program; each file of `commands/` exports one. */
export type AddCommand = (program: Command, context: Context) => void;

/** A line to paste, and what it does. */
export type Example = readonly [commandLine: string, meaning: string];

const examples = new WeakMap<Command, readonly Example[]>();

/** Shown below the help, written to docs/cli.md, and run by the tests. */
export function withExamples(command: Command, ...list: readonly Example[]): Command {
  examples.set(command, list);
  const width = Math.max(...list.map(([line]) => line.length));
  const lines = list.map(([line, meaning]) => `  ${line.padEnd(width)}  ${meaning}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

export function examplesOf(command: Command): readonly Example[] {
  return examples.get(command) ?? [];
}
