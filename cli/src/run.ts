import { CommanderError } from 'commander';
import { CommandError, Interrupted } from './errors/command-error.js';
import { exitCodes } from './errors/exit-codes.js';
import type { Host } from './host.js';
import { createProgram } from './program.js';
import { safeLines } from './terminal/safe-text.js';
import { styleFor } from './terminal/style.js';

/** Runs what the words ask for, and resolves to the exit code. Whatever goes wrong is said in words, never with a stack. */
export async function run(words: readonly string[], host: Host): Promise<number> {
  try {
    await createProgram(host).parseAsync(words, { from: 'user' });
    return exitCodes.ok.code;
  } catch (error) {
    return reported(error, host);
  }
}

function reported(error: unknown, host: Host): number {
  if (error instanceof Interrupted || host.interrupted.aborted) return exitCodes.interrupted.code;
  if (error instanceof CommanderError) return reportedUsage(error, host);
  if (error instanceof CommandError) {
    say(host, error.message, error.hint);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  say(host, `Something unexpected went wrong: ${message}`, 'Please report it, with what you did.');
  return exitCodes.refused.code;
}

function reportedUsage({ exitCode, code, message }: CommanderError, host: Host): number {
  if (exitCode === 0) return exitCodes.ok.code;
  // The help that is shown where a command is missing says it all.
  if (code !== 'commander.help')
    say(host, message.replace(/^error: /, ''), '`glambdar help` lists all commands; `--help` explains one.');
  return exitCodes.usage.code;
}

function say({ stderr, environment }: Host, message: string, hint: string | undefined): void {
  const style = styleFor(environment, stderr);
  stderr.write(`${style('red', 'error:')} ${safeLines(message)}\n`);
  if (hint !== undefined) stderr.write(`${safeLines(hint)}\n`);
}
