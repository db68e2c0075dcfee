import { rmSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BuilderProcess,
  type Built,
  type BuildOptions,
  type Files,
} from '../../test/support/builds/builder-process.js';
import { TestRegistry } from '../../test/support/builds/test-registry.js';

/** What an install script would leave behind where it ran. */
const canary = join(tmpdir(), `glambdar-canary-${process.pid}`);

let registry: TestRegistry;
beforeAll(async () => {
  registry = await TestRegistry.open({
    outer: { dependencies: { inner: '1' }, bin: { outer: 'index.js' } },
    inner: {},
    malicious: {
      scripts: { postinstall: `node -e "require('fs').writeFileSync('${canary}', '')"` },
    },
    loud: {
      scripts: {
        postinstall: `node -e "console.log('built'); require('fs').writeFileSync('made.txt', 'x')"`,
      },
    },
  });
});
afterAll(() => {
  registry.close();
});
afterEach(() => {
  rmSync(canary, { force: true });
});

const packageJson = (dependencies: Readonly<Record<string, string>>, more: object = {}) =>
  JSON.stringify({ name: 'app', dependencies, ...more });

function install(
  files: Files,
  {
    command = 'install',
    scripts = false,
    ...options
  }: BuildOptions & { command?: 'ci' | 'install'; scripts?: boolean } = {},
): Promise<Built> {
  const order = { command, scripts, registry: registry.url };
  return BuilderProcess.build(files, { install: order, reachable: [registry.host], ...options });
}

const outer = packageJson({ outer: '1' });

describe('an installation', () => {
  it('brings packages and those that they need, and says how many', async () => {
    const built = await install({ 'package.json': outer, 'index.js': '' });
    expect(built.end).toMatchObject({
      type: 'done',
      facts: { packages: 2, files: 4, bytes: built.zip.length },
    });
    expect([...built.files.keys()]).toEqual([
      'node_modules/inner/index.js',
      'node_modules/inner/package.json',
      'node_modules/outer/index.js',
      'node_modules/outer/package.json',
    ]);
    expect(built.steps).toEqual(['install', 'pack']);
    expect(built.log).toMatch(/^> npm install --omit=dev --ignore-scripts\n[^]*added 2 packages/);
  });

  it('follows a lock file, and makes the same archive every time', async () => {
    const files = { 'package.json': outer, 'package-lock.json': registry.lockFile({ outer: '1' }) };
    const [first, second] = await Promise.all([
      install(files, { command: 'ci' }),
      install(files, { command: 'ci' }),
    ]);
    expect(first.end).toMatchObject({ type: 'done', facts: { packages: 2 } });
    expect(second.zip.equals(first.zip)).toBe(true);
  });

  it('leaves out what is for development', async () => {
    const built = await install({
      'package.json': packageJson({ inner: '1' }, { devDependencies: { outer: '1' } }),
    });
    expect(built.end).toMatchObject({ type: 'done', facts: { packages: 1 } });
  });

  it('packs a package of the upload itself, and no link', async () => {
    const built = await install({
      'package.json': packageJson({ own: 'file:./own' }),
      'own/package.json': '{"name":"own","version":"1.0.0"}',
      'own/index.js': '1',
    });
    expect([...built.files.keys()]).toEqual(['node_modules/own/index.js', 'node_modules/own/package.json']);
  });

  it('gives the packages of a workspace as files', async () => {
    const built = await install({
      'package.json': packageJson({ own: '*' }, { workspaces: ['own'] }),
      'own/package.json': '{"name":"own","version":"1.0.0"}',
      'own/index.js': '1',
    });
    expect([...built.files.keys()]).toEqual(['node_modules/own/index.js', 'node_modules/own/package.json']);
  });
});

describe('install scripts', () => {
  it('do not run, nor those of the upload', async () => {
    const scripts = { preinstall: `touch ${canary}`, install: `touch ${canary}`, prepare: `touch ${canary}` };
    const built = await install({ 'package.json': packageJson({ malicious: '1' }, { scripts }) });
    expect([built.end?.type, existsSync(canary)]).toEqual(['done', false]);
  });

  it('run where the function asks for them, with what they make in the archive and the token nowhere', async () => {
    const scripts = { postinstall: 'node -e "console.log(JSON.stringify(process.env))"' };
    const built = await install(
      { 'package.json': packageJson({ loud: '1' }, { scripts }) },
      { scripts: true },
    );
    expect(built.end?.type).toBe('done');
    expect(built.log).toMatch(/^built$/m);
    expect(built.log).not.toMatch(/GLAMBDAR_TOKEN/);
    expect(built.files.get('node_modules/loud/made.txt')).toBe('x');
  });

  it('that fail are told with their exit code', async () => {
    const scripts = { postinstall: 'node -e "console.error(\'no luck\'); process.exit(3)"' };
    const built = await install({ 'package.json': packageJson({}, { scripts }) }, { scripts: true });
    expect(built.end).toMatchObject({ type: 'failed', step: 'install', exitCode: 3 });
    expect(built.log).toMatch(/no luck/);
  });
});

describe('an upload', () => {
  it('chooses neither registry nor programs by a .npmrc', async () => {
    const npmrc = `registry=http://127.0.0.1:9/\nignore-scripts=false\nlegacy-peer-deps=true\n//127.0.0.1:9/:_authToken=secret-token\n`;
    const built = await install({ 'package.json': packageJson({ malicious: '1' }), '.npmrc': npmrc });
    expect([built.end?.type, existsSync(canary)]).toEqual(['done', false]);
    expect(built.log).toMatch(
      /Ignored in \.npmrc: registry, ignore-scripts, \/\/127\.0\.0\.1:9\/:_authToken\./,
    );
    expect(built.log).not.toMatch(/secret-token/);
    expect([...built.files.keys()]).not.toContain('.npmrc');
  });

  it('learns that the lock file of another tool is not read', async () => {
    const built = await install({ 'package.json': outer, 'pnpm-lock.yaml': '' });
    expect(built.log).toMatch(/pnpm-lock\.yaml is not read/);
  });
});

describe('an installation that fails says why and what to do', () => {
  it.each([
    [
      'a package that does not exist',
      packageJson({ nowhere: '1' }),
      /exit code 1\. Not Found .*nowhere.*Check the name and the version/,
    ],
    [
      'a version that does not exist',
      packageJson({ inner: '7' }),
      /No matching version found for inner@7.*Check the version/,
    ],
    [
      'a package of Git',
      packageJson({ it: 'git+https://git.example/a.git' }),
      /comes from Git, which a build does not have/,
    ],
    ['what is no JSON', '{ "dependencies": ', /package\.json.*valid JSON/],
  ])('%s', async (_, content, message) => {
    const built = await install({ 'package.json': content });
    expect(built.end).toMatchObject({
      type: 'failed',
      step: 'install',
      message: expect.stringMatching(message) as string,
    });
    expect(built.log).toMatch(/npm error/);
    expect(built.zip).toHaveLength(0);
  });

  it('a lock file that does not match', async () => {
    const files = {
      'package.json': outer,
      'package-lock.json': registry.lockFile({ inner: '1' }, ['inner']),
    };
    const built = await install(files, { command: 'ci' });
    expect(built.end).toMatchObject({
      type: 'failed',
      exitCode: 1,
      message: expect.stringMatching(/in sync.*Run `npm install` where you develop/) as string,
    });
  });

  it('a registry that may not be reached', async () => {
    const built = await install({ 'package.json': outer }, { reachable: [] });
    expect(built.end).toMatchObject({
      type: 'failed',
      message: expect.stringMatching(/403.*GLAMBDAR_BUILD_REGISTRIES/) as string,
    });
  });

  it('a tarball elsewhere, which may not be reached', async () => {
    const built = await install({ 'package.json': packageJson({ far: 'https://far.example/far.tgz' }) });
    expect(built.end).toMatchObject({
      type: 'failed',
      message: expect.stringMatching(/GLAMBDAR_BUILD_REGISTRIES/) as string,
    });
  });

  it('a registry that never answers', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const host = `127.0.0.1:${(silent.address() as { port: number }).port}`;
    const built = await BuilderProcess.build(
      { 'package.json': outer },
      {
        install: { command: 'install', scripts: false, registry: `http://${host}/` },
        reachable: [host],
        limits: { archiveBytes: 1e6, remainingMs: 60_000, fetchTimeoutMs: 50 },
      },
    );
    silent.close();
    expect(built.end).toMatchObject({
      type: 'failed',
      message: expect.stringMatching(
        new RegExp(`http://${host}/.*did not answer in time .*GLAMBDAR_BUILD_FETCH_TIMEOUT_SECONDS`),
      ) as string,
    });
  });

  it('more than an archive may hold', async () => {
    const limits = { archiveBytes: 200, remainingMs: 60_000, fetchTimeoutMs: 20_000 };
    const built = await install({ 'package.json': outer }, { limits });
    expect(built.end).toMatchObject({
      type: 'failed',
      step: 'pack',
      message: expect.stringMatching(/larger than the 200 bytes/) as string,
    });
  });
});
