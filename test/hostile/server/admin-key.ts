import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const keysCommand = fileURLToPath(new URL('../../../dist/src/keys.js', import.meta.url));

/** The first key of a directory, with every scope: from then on the server lets nobody in without one. */
export async function adminKey(directory: string): Promise<string> {
  const env = { ...process.env, GLAMBDAR_DIR: directory, NODE_OPTIONS: '' };
  const words = [keysCommand, 'create', '--name', 'trial', '--scopes', 'admin'];
  return (await run(process.execPath, words, { env })).stdout.trim();
}
