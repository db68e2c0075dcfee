import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeTree } from '../../src/code/store/directory-tree.js';
import { fixtureZip } from '../support/zip.js';
import { Client } from '../support/client.js';
import { ServerProcess } from '../support/server-process.js';

const project = fileURLToPath(new URL('../../', import.meta.url));

/** Servers and commands are really started here, and on a busy machine each takes seconds. */
const withinMs = 300_000;

let directory: string;
const servers: ServerProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gl-'));
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  await removeTree(directory);
});

function spawnServer(path: string, variables: Record<string, string> = {}): ServerProcess {
  const server = ServerProcess.npmStart({ GLAMBDAR_DIR: path, ...variables });
  servers.push(server);
  return server;
}

async function stop(server: ServerProcess): Promise<void> {
  expect((await server.stop()).exitCode).toBe(0);
}

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the project's scripts to its end. */
async function script(
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const [name = '', ...args] = words;
  const child = spawn(process.execPath, [`scripts/${name}.mjs`, ...args], {
    cwd: project,
    env: { ...process.env, NODE_OPTIONS: '', GLAMBDAR_DIR: join(directory, 'unused'), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => (printed[stream] += text));
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, ...printed };
}

/** Everything below a directory, and itself, with what a start could change of it. */
async function stateOf(path: string) {
  const names = (await readdir(path, { recursive: true })).concat('.').sort();
  return Promise.all(
    names.map(async (name) => {
      const { mode, mtimeMs, size } = await lstat(join(path, name));
      return { name, mode, mtimeMs, size };
    }),
  );
}

describe("somebody's own directory", () => {
  it(
    'is refused by a start and by the command for keys, and nothing in it is touched',
    async () => {
      const theirs = join(directory, 'p');
      await mkdir(join(theirs, 'staging', 'mysite'), { recursive: true });
      await mkdir(join(theirs, 'run', 'keep'), { recursive: true });
      await writeFile(join(theirs, 'staging', 'mysite', 'index.html'), 'mine');
      await chmod(theirs, 0o755);
      const before = await stateOf(theirs);
      const { exitCode, stderr } = await spawnServer(theirs).ended;
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        /p contains files that are not Glambdar's: "(run|staging)", "(run|staging)"\. .*GLAMBDAR_DIR/,
      );
      for (const words of ['list', 'revoke 0123456789ab', 'create --name me --scopes admin']) {
        const ran = await script(['keys', ...words.split(' ')], { GLAMBDAR_DIR: theirs });
        expect(ran).toMatchObject({
          exitCode: 1,
          stdout: '',
          stderr: expect.stringContaining('GLAMBDAR_DIR') as string,
        });
      }
      expect(await stateOf(theirs)).toEqual(before);
    },
    withinMs,
  );

  it(
    'that is inside the own one stays, and the log names it',
    async () => {
      await stop(await listening(spawnServer(directory)));
      for (const part of ['staging', 'run', 'functions']) {
        await mkdir(join(directory, part, 'My photos'));
        await writeFile(join(directory, part, 'My photos', '1.jpg'), 'mine');
      }
      const server = await listening(spawnServer(directory));
      const warnings = server.lines.filter(({ level, found }) => level === 'warn' && found !== undefined);
      expect(warnings.map(({ found }) => found).sort()).toEqual([
        '"run/My photos"',
        '"staging/My photos", "functions/My photos"',
      ]);
      for (const part of ['staging', 'run', 'functions'])
        expect(await readFile(join(directory, part, 'My photos', '1.jpg'), 'utf8')).toBe('mine');
      await stop(server);
    },
    withinMs,
  );
});

async function listening(server: ServerProcess): Promise<ServerProcess> {
  await server.listening();
  return server;
}

describe('the own directory', () => {
  it(
    'goes on when it was restored without its id, and gets another one',
    async () => {
      const original = join(directory, 'a');
      const server = spawnServer(original);
      await new Client(await server.listening()).deploy('hello', fixtureZip('hello'));
      await stop(server);
      const id = await readFile(join(original, 'installation-id'), 'utf8');
      const restored = join(directory, 'b');
      await mkdir(restored);
      for (const part of ['glambdar.sqlite', 'records.sqlite', 'functions'])
        await rename(join(original, part), join(restored, part));
      const next = spawnServer(restored);
      const answer = await new Client(await next.listening()).invoke('hello');
      expect(answer.status).toBe(200);
      expect(await readFile(join(restored, 'installation-id'), 'utf8')).not.toBe(id);
      await stop(next);
    },
    withinMs,
  );

  it(
    'is made by the first key, before the server has ever started',
    async () => {
      const state = join(directory, 'state');
      const listed = await script(['keys', 'list'], { GLAMBDAR_DIR: state });
      expect(listed).toMatchObject({ exitCode: 1, stdout: '' });
      expect(listed.stderr).toMatch(/state is not a Glambdar installation: it does not exist/);
      expect(await readdir(directory)).toEqual([]);
      const made = await script(['keys', 'create', '--name', 'me', '--scopes', 'admin'], {
        GLAMBDAR_DIR: state,
      });
      expect(made).toMatchObject({ exitCode: 0 });
      expect((await script(['keys', 'list'], { GLAMBDAR_DIR: state })).stdout).toContain('\tadmin\tall\tme');
      const server = spawnServer(state);
      expect((await fetch(`${await server.listening()}/info`)).status).toBe(401);
      await stop(server);
    },
    withinMs,
  );
});

describe('the port', () => {
  it(
    'is that of PORT where GLAMBDAR_PORT is not set, under the same rule',
    async () => {
      const run = (variables: Record<string, string>) =>
        ServerProcess.npmStart({ GLAMBDAR_DIR: join(directory, 'a'), ...variables }, ['GLAMBDAR_PORT']);
      // Any free one, which the default is not.
      const server = run({ PORT: '0' });
      servers.push(server);
      expect(Number(new URL(await server.listening()).port)).toBeGreaterThan(8000);
      await stop(server);
      const refused = await run({ PORT: 'http' }).ended;
      expect(refused.exitCode).toBe(78);
      expect(refused.stderr).toContain('PORT must be an integer from 0 to 65535');
      expect(refused.stderr).not.toContain('GLAMBDAR_PORT');
    },
    withinMs,
  );
});

describe('an engine on another machine', () => {
  it.each([
    ['DOCKER_HOST', 'tcp://127.0.0.1:2375'],
    ['DOCKER_HOST', 'ssh://root@engine'],
    ['DOCKER_CONTEXT', 'far'],
  ])(
    'chosen by %s=%s is refused as broken configuration, although there is one here',
    async (variable, value) => {
      const here = {
        GLAMBDAR_ENGINE: 'docker',
        GLAMBDAR_DOCKER_SOCKET: '',
        DOCKER_HOST: '',
        [variable]: value,
      };
      const { exitCode, stderr } = await spawnServer(join(directory, 'state'), here).ended;
      expect(exitCode).toBe(78);
      expect(stderr).toContain(`unset ${variable}`);
      expect(await readdir(directory)).toEqual([]);
    },
    withinMs,
  );
});

describe('the log of npm start', () => {
  it(
    'is text at a terminal',
    async () => {
      const words = `${process.execPath} scripts/start.mjs`;
      const child = spawn('script', ['--quiet', '--return', '--command', words, '/dev/null'], {
        cwd: project,
        env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', GLAMBDAR_PORT: '0', GLAMBDAR_DIR: directory },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      let printed = '';
      const listens = new Promise<void>((resolve) => {
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          printed += text;
          if (/ INFO {2}listening /.test(printed)) resolve();
        });
      });
      const ended = once(child, 'close');
      await Promise.race([listens, ended]);
      // Ctrl-C at this terminal.
      child.stdin.write('\u0003');
      await ended;
      expect(printed).toMatch(
        /^\d\d:\d\d:\d\d\.\d{3} INFO {2}listening url=http:\/\/127\.0\.0\.1:\d+ directory=/m,
      );
      expect(printed).toMatch(/INFO {2}shut down\r$/m);
      expect(printed).not.toMatch(/"msg"|\u001b\[3/);
    },
    withinMs,
  );
});

describe('every script', () => {
  const scripts = 'start test check bench hostile keys docs image openapi worker test-results'.split(' ');

  it.each(scripts)(
    'says how it is called: %s',
    async (name) => {
      const { exitCode, stdout } = await script([name, '--help']);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(
        name === 'hostile' ? /npm run test:hostile/ : new RegExp(`^(npm|node) .*\\b${name}\\b`),
      );
      expect(await readdir(directory)).toEqual([]);
    },
    withinMs,
  );

  it.each(scripts)(
    'does nothing, with exit code 2, when it does not know an option: %s',
    async (name) => {
      const { exitCode, stdout, stderr } = await script([name, '--nonsense']);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(/(npm|node) /);
      expect(await readdir(directory)).toEqual([]);
    },
    withinMs,
  );
});
