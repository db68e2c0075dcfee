import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { CommandError } from '../errors/command-error.js';
import type { Environment } from '../host.js';

/**
 * Runs what `npm start` runs, on this terminal. This program becomes the server where Node.js can do that, so that
 * every signal reaches it; elsewhere it waits for the server, which gets Ctrl-C from the terminal as well.
 */
export async function startServer(checkout: string, environment: Environment): Promise<void> {
  const script = path.join(checkout, 'scripts', 'start.mjs');
  if (typeof process.execve === 'function') {
    process.execve(process.execPath, [process.execPath, script], withoutGaps(environment));
  }
  const server = spawn(process.execPath, [script], { cwd: checkout, env: environment, stdio: 'inherit' });
  const passOn = (signal: NodeJS.Signals) => server.kill(signal);
  process.on('SIGTERM', passOn);
  const [code, signal] = (await once(server, 'close')) as [number | null, NodeJS.Signals | null];
  process.off('SIGTERM', passOn);
  if (code !== 0) throw new CommandError('refused', `The server ended with ${code ?? signal ?? 'an error'}.`);
}

function withoutGaps(environment: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined));
}
