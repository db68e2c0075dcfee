import { homedir } from 'node:os';
import { setTimeout as passed } from 'node:timers/promises';
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
    workingDirectory: process.cwd(),
    interrupted,
    ask: askOnTerminal({ input: stdin, output: stderr }),
    now: () => new Date(),
    wait: (milliseconds) => passed(milliseconds, undefined, { signal: interrupted }),
    browse: async (url) => (await import('./terminal/browser.js')).browse(url, environment),
  };
}
