import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, type Given } from '../../test/support/fake-host.js';
import { ScriptedServer, stopScriptedServers } from '../../test/support/scripted-server.js';

let homeDirectory: string;
let server: ScriptedServer;
beforeEach(async () => {
  homeDirectory = await mkdtemp(join(tmpdir(), 'glambdar-login-'));
});
afterEach(async () => {
  await stopScriptedServers();
  await rm(homeDirectory, { recursive: true, force: true });
});

async function serve({ keysRequired = true } = {}): Promise<void> {
  server = await ScriptedServer.start(({ path, headers }) =>
    path === '/session'
      ? { body: { signedIn: !keysRequired || headers['x-glambdar-key'] === 'glb_right', keysRequired } }
      : { body: { count: 0, functions: [] } },
  );
}

const run = (words: readonly string[], given: Given = {}) => runCommand(words, { homeDirectory, ...given });
const keysSent = () => server.seen.map(({ headers }) => headers['x-glambdar-key']);

async function stored(name = 'default'): Promise<unknown> {
  const path = join(homeDirectory, `.config/glambdar/profiles/${name}.json`);
  return JSON.parse(await readFile(path, 'utf8').catch(() => 'null')) as unknown;
}

describe('glambdar login', () => {
  it('asks for the key where a person sits, checks it, and keeps it', async () => {
    await serve();
    const ran = await run(['login', `${server.url}/`], { terminal: { answers: ['glb_right'] } });
    expect(ran).toMatchObject({ exitCode: 0, asked: [`Key for ${server.url}`] });
    expect(ran.stdout).toContain(`Logged in to ${server.url} (profile "default").`);
    expect(ran.stdout + ran.stderr).not.toContain('glb_right');
    expect(await stored()).toEqual({ url: server.url, key: 'glb_right' });
    await run(['list']);
    expect(keysSent()).toEqual([undefined, 'glb_right', 'glb_right']);
  });

  it('reads the key from standard input in a pipe', async () => {
    await serve();
    const ran = await run(['login', server.url, '--profile', 'work', '--json'], { stdin: 'glb_right\n' });
    expect(JSON.parse(ran.stdout)).toEqual({ profile: 'work', url: server.url, hasKey: true });
    expect(await stored('work')).toEqual({ url: server.url, key: 'glb_right' });
  });

  it('asks for nothing where the server needs no key', async () => {
    await serve({ keysRequired: false });
    const ran = await run(['login', server.url], { terminal: {} });
    expect(ran).toMatchObject({ exitCode: 0, asked: [] });
    expect(await stored()).toEqual({ url: server.url });
  });

  it.each([
    ['a wrong key', 'glb_wrong', 4, 'does not accept this key'],
    ['no key', '', 2, 'needs a key'],
    ['what is no key', 'two words', 2, 'This is not a key'],
  ])('keeps nothing with %s', async (_case, stdin, exitCode, message) => {
    await serve();
    const ran = await run(['login', server.url], { stdin });
    expect(ran.exitCode).toBe(exitCode);
    expect(ran.stderr).toContain(message);
    expect(await stored()).toBeNull();
  });

  it('keeps nothing where nothing answers', async () => {
    await serve();
    await server.stop();
    const ran = await run(['login', server.url], { stdin: 'glb_right' });
    expect(ran.exitCode).toBe(3);
    expect(await stored()).toBeNull();
  });
});

describe('profiles', () => {
  it('are listed without their keys, and forgotten by logout', async () => {
    await serve();
    for (const profile of ['default', 'work'])
      await run(['login', server.url, '--profile', profile], { stdin: 'glb_right' });
    const listed = await run(['profiles']);
    expect(listed.stdout).toBe(`default\t${server.url}\tyes\nwork\t${server.url}\tyes\n`);
    expect((await run(['logout', '--profile', 'work'])).stdout).toBe('Forgot the profile "work".\n');
    expect((await run(['logout', '--profile', 'work', '--json'])).stdout).toContain('"removed": false');
    expect([await stored('work'), await stored()]).toEqual([null, { url: server.url, key: 'glb_right' }]);
  });

  it('say how to make the first one', async () => {
    await serve();
    expect((await run(['profiles'], { terminal: {} })).stdout).toContain('`glambdar login URL`');
  });
});
