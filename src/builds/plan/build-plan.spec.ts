import { BuildFailure } from '../build-failure.js';
import { planBuild } from './build-plan.js';
import type { StagedFiles } from '../../code/store/code-store.js';

const registries = [new URL('https://registry.npmjs.org')];

function treeOf(files: Readonly<Record<string, string | object>>): StagedFiles {
  const textOf = (path: string) => {
    const content = files[path];
    return typeof content === 'object' ? JSON.stringify(content) : content;
  };
  return {
    read: async (path, maxBytes) => {
      const content = textOf(path);
      if (content !== undefined && content.length > maxBytes) throw new Error('too long');
      return content === undefined ? undefined : Buffer.from(content);
    },
    has: async (path) => Object.keys(files).some((name) => name === path || name.startsWith(`${path}/`)),
  };
}

function plan(files: Readonly<Record<string, string | object>>, chosen: object = {}) {
  const settings = { build: 'auto', installScripts: false, handler: 'index.handler', ...chosen } as const;
  return planBuild(treeOf(files), settings, registries);
}

const express = { dependencies: { express: '^5' } };
const code = { 'index.js': '' };
const lockOf = (packages: object) => JSON.stringify({ packages });
const someLock = lockOf({
  '': {},
  'node_modules/express': {
    version: '5.1.0',
    resolved: 'https://registry.npmjs.org/express/-/express-5.1.0.tgz',
  },
  'node_modules/a/node_modules/bundled': { version: '1.0.0', inBundle: true },
});

describe('what an upload lacks', () => {
  it.each<[string, Readonly<Record<string, string | object>>]>([
    ['nothing without a package.json', code],
    ['nothing with one that names no packages', { ...code, 'package.json': { type: 'module' } }],
    ['nothing with an empty list', { ...code, 'package.json': { dependencies: {} } }],
    ['nothing for development alone', { ...code, 'package.json': { devDependencies: { jest: '1' } } }],
    ['nothing with its packages', { ...code, 'package.json': express, 'node_modules/express/index.js': '' }],
    ['nothing with a package.json that is none', { ...code, 'package.json': '{' }],
    ['nothing with a package.json that is a list', { ...code, 'package.json': '[]' }],
    ['nothing with JavaScript beside TypeScript', { ...code, 'index.ts': '' }],
  ])('is %s', async (_what, files) => {
    await expect(plan(files)).resolves.toBeUndefined();
  });

  it.each([
    { dependencies: { express: '^5' } },
    { optionalDependencies: { sharp: '*' } },
    { workspaces: ['packages/*'] },
  ])('is packages with %j', async (manifest) => {
    await expect(plan({ ...code, 'package.json': manifest })).resolves.toMatchObject({
      install: { command: 'install', scripts: false, contentKey: null },
      bundle: null,
    });
  });

  it.each(['package-lock.json', 'npm-shrinkwrap.json'])('is what %s says', async (lock) => {
    const planned = await plan({ ...code, 'package.json': express, [lock]: someLock });
    expect(planned?.install).toEqual({
      command: 'ci',
      scripts: false,
      contentKey: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(planned?.notes).toEqual([]);
  });

  it.each(['yarn.lock', 'pnpm-lock.yaml'])(
    'is said to follow package.json where %s stands alone',
    async (lock) => {
      const planned = await plan({ ...code, 'package.json': express, [lock]: '' });
      expect(planned?.install?.command).toBe('install');
      expect(planned?.notes).toEqual([expect.stringContaining(`${lock} was not read`) as string]);
    },
  );

  it.each([
    ['index.ts', 'index.handler'],
    ['index.mts', 'index.handler'],
    ['index.cts', 'index.handler'],
    ['src/main.ts', 'src/main.run'],
  ])('is a bundle of %s for the handler %s', async (entry, handler) => {
    await expect(plan({ [entry]: '' }, { handler })).resolves.toEqual({
      install: null,
      bundle: { entry },
      notes: [],
    });
  });

  it('is nothing where the function does not want to be built', async () => {
    await expect(
      plan({ 'index.ts': '', 'package.json': express }, { build: 'none' }),
    ).resolves.toBeUndefined();
  });
});

describe('the name under which installed packages are used again', () => {
  const keyOf = async (manifest: object, lock: string, chosen: object = {}) =>
    (await plan({ ...code, 'package.json': manifest, 'package-lock.json': lock }, chosen))?.install
      ?.contentKey;

  it('is the same for the same packages, whatever else the manifest says', async () => {
    const key = await keyOf(express, someLock);
    expect(await keyOf({ ...express, description: 'another', scripts: { test: 'jest' } }, someLock)).toBe(
      key,
    );
  });

  it.each<[string, object, string]>([
    ['lock file', express, lockOf({})],
    ['dependency', { dependencies: { express: '^4' } }, someLock],
    ['override', { ...express, overrides: { qs: '6' } }, someLock],
  ])('is another with another %s', async (_what, manifest, lock) => {
    const key = await keyOf(manifest, lock);
    expect(key).toEqual(expect.any(String));
    expect(key).not.toBe(await keyOf(express, someLock));
  });

  it('is another with settings for npm beside it', async () => {
    const files = { ...code, 'package.json': express, 'package-lock.json': someLock };
    const planned = await plan({ ...files, '.npmrc': 'legacy-peer-deps=true' });
    expect(planned?.install?.contentKey).not.toBe(await keyOf(express, someLock));
  });

  it('is none with install scripts: those of packages, too, do what files of the upload say', async () => {
    expect(await keyOf(express, someLock, { installScripts: true })).toBeNull();
  });

  it.each<[string, string]>([
    ['a workspace', lockOf({ 'packages/a': { version: '1.0.0' } })],
    ['a link', lockOf({ 'node_modules/a': { resolved: 'packages/a', link: true } })],
    ['a folder of the upload', lockOf({ 'node_modules/a': { version: '1.0.0', resolved: 'file:a' } })],
    ['an archive of the upload', lockOf({ 'node_modules/a': { version: 'file:a.tgz' } })],
    ['packages that it does not list', '{"lockfileVersion":1,"dependencies":{"a":{"version":"file:a"}}}'],
    ['no order', '['],
    ['no packages', '{"packages":[]}'],
  ])('is none with a lock file that has %s', async (_what, lock) => {
    expect(await keyOf(express, lock)).toBeNull();
  });
});

describe('a dependency that no build can get', () => {
  it.each([
    ['git+https://token:hush@github.com/a/b.git', 'a git repository'],
    ['git@github.com:a/b.git', 'a git repository'],
    ['github:a/b', 'a git repository'],
    ['a/b#main', 'a git repository'],
    ['https://hush.example.com/a.tgz', 'another host'],
    ['http://10.0.0.1/a.tgz', 'another host'],
    ['file:../a', 'outside your archive'],
    ['file:./a/../../b', 'outside your archive'],
    ['file:/etc', 'outside your archive'],
    ['../a', 'outside your archive'],
    ['link:../a', 'outside your archive'],
  ])('such as %s is refused in words that say so', async (spec, words) => {
    const refused = plan({ ...code, 'package.json': { dependencies: { left: spec } } });
    await expect(refused).rejects.toThrow(BuildFailure);
    await expect(refused).rejects.toThrow(words);
    await expect(refused).rejects.not.toThrow('hush');
  });

  it.each([
    '^1.2.3',
    '*',
    'latest',
    'npm:other@1',
    'file:./a',
    'file:a.tgz',
    './a',
    'https://registry.npmjs.org/a/-/a-1.0.0.tgz',
  ])('is not %s', async (spec) => {
    await expect(plan({ ...code, 'package.json': { dependencies: { left: spec } } })).resolves.toBeDefined();
  });

  it('does not matter where it is optional: npm goes on without it', async () => {
    const manifest = { optionalDependencies: { left: 'github:a/b' } };
    await expect(plan({ ...code, 'package.json': manifest })).resolves.toBeDefined();
  });
});
