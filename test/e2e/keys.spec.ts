import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { removeTree } from '../../src/code/store/directory-tree.js';
import { eventually } from '../support/eventually.js';
import { ServerProcess } from '../support/server-process.js';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../../', import.meta.url));

/** Servers and commands are really started here, and on a busy machine each takes seconds. */
const withinMs = 300_000;

let directory: string;
const servers: ServerProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glambdar-keys-'));
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  await removeTree(directory);
});

function spawnServer(variables: Record<string, string> = {}): ServerProcess {
  const server = ServerProcess.spawn({ GLAMBDAR_DIR: directory, ...variables });
  servers.push(server);
  return server;
}

/** What `npm run keys -- <words>` runs. */
async function keys(...words: string[]): Promise<string> {
  const env = { ...process.env, GLAMBDAR_DIR: directory, NODE_OPTIONS: '' };
  const { stdout } = await run(process.execPath, ['scripts/keys.mjs', ...words], { cwd: project, env });
  return stdout.trim();
}

async function statusOf(url: string, key?: string): Promise<number> {
  const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  return (await fetch(`${url}/info`, { headers })).status;
}

describe('keys made by the command', () => {
  it(
    'close a running server to everybody else, and open it until they are revoked',
    async () => {
      const server = spawnServer();
      const url = await server.listening();
      expect(await statusOf(url)).toBe(200);
      const key = await keys('create', '--name', 'test', '--scopes', 'functions:read');
      expect(key).toMatch(/^glb_[0-9a-f]{12}_[\w-]{43}$/);
      await eventually('nobody comes in without a key', async () => (await statusOf(url)) === 401);
      expect(await statusOf(url, key)).toBe(200);
      await keys('revoke', key.slice(4, 16));
      await eventually('the key is refused', async () => (await statusOf(url, key)) === 401);
      expect(await keys('list')).toContain('revoked');
    },
    withinMs,
  );

  it(
    'let a server listen where other machines reach it, which is refused without',
    async () => {
      const everywhere = { GLAMBDAR_HOST: '0.0.0.0' };
      const { exitCode, stderr } = await spawnServer(everywhere).ended;
      expect(exitCode).toBe(1);
      expect(stderr).toContain('npm run keys -- create');
      const key = await keys('create', '--name', 'test', '--scopes', 'admin');
      const url = await spawnServer(everywhere).listening();
      expect([await statusOf(url), await statusOf(url, key)]).toEqual([401, 200]);
    },
    withinMs,
  );

  it(
    'are not needed anywhere by who insists on it',
    async () => {
      const server = spawnServer({ GLAMBDAR_HOST: '0.0.0.0', GLAMBDAR_INSECURE_NO_AUTH: 'true' });
      expect(await statusOf(await server.listening())).toBe(200);
      expect(server.lines.map(({ level }) => level)).toContain('warn');
    },
    withinMs,
  );
});
