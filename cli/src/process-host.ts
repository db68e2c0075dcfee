import { homedir } from 'node:os';
import { setTimeout as passed } from 'node:timers/promises';
import { usageError } from './errors/command-error.js';
import type { Host } from './host.js';
import { askOnTerminal } from './terminal/prompts.js';

/** The one place that reads the process. */
export function processHost(interrupted: AbortSignal): Host {
  const { stdin, stdout, stderr, env: environment } = process;
  return {
    stdin,
    stdout,
    stderr,
    environment,
    homeDirectory: homedir(),
    get workingDirectory() {
      return workingDirectory();
    },
    interrupted,
    ask: askOnTerminal({ input: stdin, output: stderr }),
    now: () => new Date(),
    wait: (milliseconds) => passed(milliseconds, undefined, { signal: interrupted }),
    browse: async (url) => (await import('./terminal/browser.js')).browse(url, environment),
  };
}

/** Asked for only by commands that need it: the others work in a folder that somebody has deleted. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    throw usageError('The folder you are in does not exist any more.', 'Change to another one with `cd`.');
  }
}
