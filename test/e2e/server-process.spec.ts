import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../src/code/store/directory-tree.js';
import { fixtureZip } from '../support/zip.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { ServerProcess } from '../support/server-process.js';

/** Servers and containers are really started here, and on a busy machine each takes seconds. */
const withinMs = 300_000;

let directory: string;
const servers: ServerProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glambdar-server-'));
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  // Code is read-only, also to the user that runs the tests.
  await removeTree(directory);
});

function spawnServer(variables: Record<string, string> = {}): ServerProcess {
  const server = ServerProcess.spawn({ GLAMBDAR_DIR: join(directory, 'state'), ...variables });
  servers.push(server);
  return server;
}

describe('a server that starts', () => {
  it(
    'logs JSON on standard output and says on standard error what to do next',
    async () => {
      const server = spawnServer();
      const url = await server.listening();
      expect(server.lines.map(({ msg }) => msg)).toContain('listening');
      const { stderr, exitCode } = await server.stop();
      expect(exitCode).toBe(0);
      expect(stderr).toContain(`Glambdar listens on ${url}`);
      expect(stderr).toContain(`Dashboard: ${url}/ui`);
      expect(stderr).toContain(`export GLAMBDAR_URL=${url}\n  npx glambdar deploy examples/hello\n`);
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
      const broken = ['GLAMBDAR_PORT', 'GLAMBDAR_LOG_LEVEL', 'GLAMBDAR_DRI'];
      for (const name of broken) expect(stderr).toMatch(new RegExp(`^${name}\\b.*\\S{3}`, 'm'));
      expect(stderr).toContain('an integer from 0 to 65535');
      expect(stderr).not.toContain('hunter2');
    },
    withinMs,
  );

  it(
    'leaves a directory to the server that has it, until that one is killed',
    async () => {
      const first = spawnServer();
      await first.listening();
      const second = spawnServer();
      const { exitCode, stderr } = await second.ended;
      expect(exitCode).toBe(1);
      // One sentence, and nothing of the framework's.
      expect(second.lines).toEqual([]);
      expect(stderr).toMatch(/^Another Glambdar server runs on this directory\.[^\n]*\n$/);
      await first.kill();
      const third = spawnServer();
      await expect(third.listening()).resolves.toMatch(/^http:/);
      await third.stop();
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
      await first.stop();
    },
    withinMs,
  );
});

describe('a server in which something fails that nobody caught', () => {
  it.each([
    ['a rejection', `Promise.reject(new Error('a defect on purpose'))`],
    ['an exception', `setImmediate(() => { throw new Error('a defect on purpose'); })`],
  ])(
    'logs %s and ends, rather than go on in a state that nobody knows; the next one starts',
    async (_, failure) => {
      const onSignal = `process.on('SIGUSR2', () => { ${failure}; });`;
      const server = ServerProcess.spawn({
        GLAMBDAR_DIR: join(directory, 'state'),
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(onSignal)}`,
      });
      servers.push(server);
      await server.listening();
      server.signal('SIGUSR2');
      await expect(server.ended).resolves.toMatchObject({ exitCode: 1 });
      expect(server.lines.at(-1)).toMatchObject({ msg: 'an unexpected error ended the server' });
      const next = spawnServer();
      await next.listening();
      expect(await next.stop()).toMatchObject({ exitCode: 0 });
    },
    withinMs,
  );
});

describe('a server that is told to stop', () => {
  it(
    'ends without waiting for its calls, with 1, when it is told so again a while later',
    async () => {
      const server = spawnServer();
      const client = new Client(await server.listening());
      await client.deploy('never', fixtureZip('never-settles'));
      const lost = expect(client.invoke('never')).rejects.toThrow();
      await eventually('a call', async () => (await client.info('never')).invokeCount === 1);
      let hasEnded = false;
      void server.ended.then(() => (hasEnded = true));
      // Ctrl-C arrives once from the terminal and once through npm; only one that comes later is a second wish.
      await eventually('the end', () => {
        server.signal('SIGINT');
        return hasEnded;
      });
      await expect(server.ended).resolves.toMatchObject({ exitCode: 1 });
      await lost;
      // The next server on this directory removes what that one left.
      const next = spawnServer();
      await next.listening();
      await next.stop();
    },
    withinMs,
  );
});
