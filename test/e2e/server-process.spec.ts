import Docker from 'dockerode';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { engineSocketPath } from '../support/engine-socket.js';
import { ServerProcess } from '../support/server-process.js';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../../', import.meta.url));

/** Servers and containers are really started here, and on a busy machine each takes seconds. */
const withinMs = 60_000;

let directory: string;
const servers: ServerProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glambdar-server-'));
});

afterEach(async () => {
  for (const server of servers.splice(0)) server.signal('SIGTERM');
  await rm(directory, { recursive: true });
});

function spawnServer(variables: Record<string, string> = {}): ServerProcess {
  const server = ServerProcess.spawn({ GLAMBDAR_DIR: join(directory, 'state'), ...variables });
  servers.push(server);
  return server;
}

/** Deploys `source` as the only file of a function. */
async function deploy(url: string, name: string, source: string): Promise<void> {
  const folder = join(directory, name);
  await mkdir(folder);
  await writeFile(join(folder, 'index.js'), source);
  await run(process.execPath, ['scripts/zip.mjs', folder, `${folder}.zip`], { cwd: project });
  const form = new FormData();
  form.set('file', new File([await readFile(`${folder}.zip`)], `${name}.zip`));
  const response = await fetch(`${url}/deploy`, { method: 'POST', body: form });
  expect(response.status).toBe(201);
}

/** Resolves when so many calls have been admitted. */
async function callsOf(url: string, name: string, count: number): Promise<void> {
  for (;;) {
    const { invokeCount } = (await (await fetch(`${url}/info/${name}`)).json()) as { invokeCount: number };
    if (invokeCount >= count) return;
  }
}

function containersOf(installationId: string): Promise<unknown[]> {
  const label = [`io.glambdar.installation=${installationId}`];
  return new Docker({ socketPath: engineSocketPath }).listContainers({ all: true, filters: { label } });
}

const slow = 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 1500, { body: "done" }));';

describe('a server that starts', () => {
  it(
    'logs JSON on standard output and says on standard error what to do next',
    async () => {
      const server = spawnServer();
      const url = await server.listening();
      expect(server.lines.map(({ msg }) => msg)).toContain('listening');
      server.signal('SIGTERM');
      const { stderr, exitCode } = await server.ended;
      expect(exitCode).toBe(0);
      expect(stderr).toContain(`Glambdar listens on ${url}`);
      expect(stderr).toContain(`curl -F file=@hello.zip ${url}/deploy`);
      expect(stderr).toContain(`${url}/invoke/hello`);
    },
    withinMs,
  );

  it(
    'ends with 78 and every broken rule at once, and prints no value',
    async () => {
      const server = spawnServer({
        GLAMBDAR_PORT: 'hunter2',
        GLAMBDAR_LOG_LEVEL: 'hunter2',
        GLAMBDAR_DRI: '/x',
      });
      const { exitCode, stderr } = await server.ended;
      expect(exitCode).toBe(78);
      expect(stderr.trim().split('\n')).toHaveLength(3);
      expect(stderr).not.toContain('hunter2');
    },
    withinMs,
  );

  it(
    'leaves a directory to the server that has it, until that one is killed',
    async () => {
      const first = spawnServer();
      await first.listening();
      const { exitCode, stderr } = await spawnServer().ended;
      expect(exitCode).toBe(1);
      expect(stderr).toContain('Another Glambdar server runs on this directory.');
      await first.kill();
      const third = spawnServer();
      await expect(third.listening()).resolves.toMatch(/^http:/);
      third.signal('SIGTERM');
      await third.ended;
    },
    withinMs,
  );

  it(
    'says so when its port is taken, and ends',
    async () => {
      const first = spawnServer();
      const { port } = new URL(await first.listening());
      const second = spawnServer({ GLAMBDAR_DIR: join(directory, 'other'), GLAMBDAR_PORT: port });
      const { exitCode, stderr } = await second.ended;
      expect(exitCode).toBe(1);
      expect(stderr).toContain('GLAMBDAR_PORT');
      first.signal('SIGTERM');
      await first.ended;
    },
    withinMs,
  );
});

describe('a server that is told to stop', () => {
  it(
    'takes no new connection, ends the call in flight, removes its containers and exits with 0',
    async () => {
      const server = spawnServer();
      const url = await server.listening();
      await deploy(url, 'slow', slow);
      const call = fetch(`${url}/invoke/slow`, { method: 'POST' });
      await callsOf(url, 'slow', 1);
      server.signal('SIGTERM');
      await expect((await call).json()).resolves.toBe('done');
      await expect(server.ended).resolves.toMatchObject({ exitCode: 0 });
      const id = (await readFile(join(directory, 'state', 'installation-id'), 'utf8')).trim();
      await expect(containersOf(id)).resolves.toEqual([]);
    },
    withinMs,
  );

  it(
    'ends at once, with 1, when it is told so a second time',
    async () => {
      const server = spawnServer();
      const url = await server.listening();
      await deploy(url, 'slow', slow);
      const call = fetch(`${url}/invoke/slow`, { method: 'POST' });
      const lost = expect(call).rejects.toThrow();
      await callsOf(url, 'slow', 1);
      server.signal('SIGTERM');
      server.signal('SIGINT');
      await expect(server.ended).resolves.toMatchObject({ exitCode: 1 });
      await lost;
      // The next server on this directory removes what that one left.
      const next = spawnServer();
      await next.listening();
      next.signal('SIGTERM');
      await next.ended;
    },
    withinMs,
  );
});
