import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually } from './eventually.js';
import type { Served } from './served.js';

const project = fileURLToPath(new URL('../../', import.meta.url));

/** Makes the first key as an operator does, for everything, and waits until the server asks for it. */
export async function firstKeyOf(served: Served): Promise<string> {
  const env = { ...process.env, GLAMBDAR_DIR: served.directory, NODE_OPTIONS: '' };
  const words = ['scripts/keys.mjs', 'create', '--name', 'me', '--scopes', 'admin'];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: project, env });
  await eventually('the server knows the key', async () => (await served.get('/info')).status === 401);
  return stdout.trim();
}
