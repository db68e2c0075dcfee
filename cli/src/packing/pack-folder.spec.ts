import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFiles } from '../../test/support/files.js';
import { packFolder } from './pack-folder.js';
import { containerPlatform } from './platform.js';

let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'glambdar-pack-'));
});
afterEach(() => rm(project, { recursive: true }));

const write = (files: Parameters<typeof writeFiles>[1]) => writeFiles(project, files);

const pack = (folder = 'function', archive?: string) =>
  packFolder(join(project, folder), { packagesFor: containerPlatform('x64'), ...(archive && { archive }) });

/** The paths in the archive; links with where they lead to. */
async function packed(folder?: string, archive?: string): Promise<string[]> {
  const { entries } = await pack(folder, archive);
  return entries
    .map((entry) => (entry.kind === 'link' ? `${entry.path} -> ${entry.target}` : entry.path))
    .sort();
}

describe('the folder of a function', () => {
  it('is packed without what does not belong into it, and says what that was', async () => {
    await write({
      'function/index.js': '',
      'function/lib/a.js': '',
      'function/lib/.DS_Store': '',
      'function/.env': 'SECRET=1',
      'function/.env.local': '',
      'function/.git/config': '',
      'function/.npmrc': '',
      'function/.well-known/x': '',
    });
    expect(await packed()).toEqual(['.well-known/x', 'index.js', 'lib/a.js']);
    expect((await pack()).leftOut).toEqual(['.env', '.env.local', '.git', '.npmrc', 'lib/.DS_Store']);
  });

  it('is packed without the archive that is being made in it, or was before', async () => {
    await write({
      'function/index.js': '',
      'function/data.zip': '',
      'function/o.zip': '',
      'function/function.zip': '',
    });
    expect(await packed('function', join(project, 'function/o.zip'))).toEqual(['data.zip', 'index.js']);
  });

  it('keeps execute bits', async () => {
    await write({ 'function/index.js': '', 'function/run': '' });
    await chmod(join(project, 'function/run'), 0o750);
    expect((await pack()).entries).toMatchObject([
      { path: 'index.js', executable: false },
      { path: 'run', executable: true },
    ]);
  });

  it('keeps links that stay inside, and puts in what others lead to', async () => {
    await write({
      'function/lib/a.js': '',
      'function/link.js': '-> lib/a.js',
      'function/lib/up.js': '-> ../link.js',
      'function/lib-again': '-> lib',
      'function/absolute.js': `-> ${join(project, 'function/lib/a.js')}`,
      'function/out-and-in.js': '-> ../function/lib/a.js',
      'function/shared.js': '-> ../shared/b.js',
      'function/shared': '-> ../shared',
      'function/nowhere': '-> nothing',
      'shared/b.js': '',
      'shared/c.js': '-> b.js',
      'shared/.env': '',
    });
    expect(await packed()).toEqual([
      'absolute.js -> lib/a.js',
      'lib-again -> lib',
      'lib/a.js',
      'lib/up.js -> ../link.js',
      'link.js -> lib/a.js',
      'out-and-in.js -> lib/a.js',
      'shared.js',
      'shared/b.js',
      'shared/c.js -> b.js',
    ]);
    expect((await pack()).leftOut).toEqual(['nowhere', 'shared/.env']);
  });

  it('is refused when a link leads to a folder that holds it', async () => {
    await write({ 'function/up': '-> ..' });
    await expect(pack()).rejects.toThrow('leads to a folder that holds it');
  });
});

describe('a .glambdarignore', () => {
  it('leaves out what it names, by the rules of .gitignore, and itself', async () => {
    await write({
      'function/.glambdarignore': [
        '# not needed there',
        '*.md',
        '!README.md',
        '/build/',
        'notes/**/draft',
        '',
      ].join('\n'),
      'function/index.js': '',
      'function/a.md': '',
      'function/README.md': '',
      'function/build/x': '',
      'function/lib/build/x': '',
      'function/notes/a/b/draft': '',
      'function/notes/a/b/final': '',
      'function/glambdar.json': {},
    });
    expect(await packed()).toEqual(['README.md', 'index.js', 'lib/build/x', 'notes/a/b/final']);
    expect((await pack()).leftOut).toEqual([
      '.glambdarignore',
      'a.md',
      'build',
      'glambdar.json',
      'notes/a/b/draft',
    ]);
  });

  it('may take back what is left out otherwise', async () => {
    await write({
      'function/.glambdarignore': '!.env.example\n!.gitignore\n',
      'function/.env': '',
      'function/.env.example': '',
      'function/.gitignore': '',
      'function/lib/glambdar.json': {},
    });
    expect(await packed()).toEqual(['.env.example', '.gitignore', 'lib/glambdar.json']);
  });

  it('says nothing about what is inside packages', async () => {
    await write({
      'function/.glambdarignore': 'a.js\nnode_modules\n',
      'function/a.js': '',
      'function/node_modules/a/a.js': '',
    });
    expect(await packed()).toEqual(['node_modules/a/a.js']);
  });

  it('has to be readable', async () => {
    await write({ 'function/.glambdarignore/x': '' });
    await expect(pack()).rejects.toThrow('.glambdarignore cannot be read');
  });
});

describe('what is no file', () => {
  it('is left out, also behind a link', async () => {
    const server = createServer().listen(join(project, 'socket'));
    await once(server, 'listening');
    await write({ 'function/index.js': '', 'function/link': '-> ../socket' });
    try {
      expect(await packed()).toEqual(['index.js']);
      expect((await pack()).leftOut).toEqual(['link']);
    } finally {
      server.close();
      await once(server, 'close');
    }
  });
});

describe('the packages of a function', () => {
  it('stay here when the server installs them', async () => {
    await write({
      'function/package.json': { dependencies: { a: '1' } },
      'function/node_modules/a/package.json': {},
    });
    const { entries, packages, leftOut } = await packFolder(join(project, 'function'), {
      packagesFor: undefined,
    });
    expect(entries.map((entry) => entry.path)).toEqual(['package.json']);
    expect({ packages, leftOut }).toEqual({ packages: 0, leftOut: ['node_modules'] });
  });

  it('are those that it depends on and theirs, each once, without development dependencies', async () => {
    await write({
      'function/package.json': { dependencies: { a: '1', '@scope/b': '1' }, devDependencies: { dev: '1' } },
      'function/node_modules/a/package.json': { dependencies: { c: '1' }, devDependencies: { dev: '1' } },
      'function/node_modules/a/lib/node_modules/a.js': '',
      'function/node_modules/a/.DS_Store': '',
      'function/node_modules/a/.env': '',
      'function/node_modules/@scope/b/package.json': { dependencies: { c: '1', a: '1' } },
      'function/node_modules/c/package.json': { dependencies: { a: '1' } },
      'function/node_modules/dev/package.json': {},
      'function/node_modules/extraneous/package.json': {},
      'function/node_modules/.cache/x': '',
      'function/node_modules/.package-lock.json': {},
    });
    expect(await packed()).toEqual([
      'node_modules/@scope/b/package.json',
      'node_modules/a/.env',
      'node_modules/a/lib/node_modules/a.js',
      'node_modules/a/package.json',
      'node_modules/c/package.json',
      'package.json',
    ]);
  });

  it('are found above the folder, where a workspace keeps them, with their own versions', async () => {
    await write({
      'packages/function/package.json': { dependencies: { a: '1', c: '2' } },
      'packages/function/node_modules/c/package.json': {},
      'node_modules/a/package.json': { dependencies: { c: '1', d: '1' } },
      'node_modules/a/node_modules/d/package.json': {},
      'node_modules/c/package.json': {},
      'node_modules/other/package.json': {},
    });
    expect(await packed('packages/function')).toEqual([
      'node_modules/a/node_modules/c/package.json',
      'node_modules/a/node_modules/d/package.json',
      'node_modules/a/package.json',
      'node_modules/c/package.json',
      'package.json',
    ]);
  });

  it('are found through the links of pnpm', async () => {
    const store = 'function/node_modules/.pnpm';
    await write({
      'function/package.json': { dependencies: { a: '1', c: '2' } },
      'function/node_modules/a': '-> .pnpm/a@1/node_modules/a',
      'function/node_modules/c': '-> .pnpm/c@2/node_modules/c',
      [`${store}/a@1/node_modules/a/package.json`]: { dependencies: { c: '1' } },
      [`${store}/a@1/node_modules/c`]: '-> ../../c@1/node_modules/c',
      [`${store}/c@1/node_modules/c/package.json`]: { peerDependencies: { a: '*' } },
      [`${store}/c@1/node_modules/a`]: '-> ../../a@1/node_modules/a',
      [`${store}/c@2/node_modules/c/package.json`]: {},
    });
    expect(await packed()).toEqual([
      'node_modules/a/node_modules/c/package.json',
      'node_modules/a/package.json',
      'node_modules/c/package.json',
      'package.json',
    ]);
  });

  it('are found where a link leads to a folder that somebody works in', async () => {
    await write({
      'function/package.json': { dependencies: { lib: 'file:../lib' } },
      'function/node_modules/lib': '-> ../../lib',
      'lib/package.json': { dependencies: { a: '1' }, devDependencies: { dev: '1' } },
      'lib/index.js': '',
      'lib/.env': '',
      'lib/node_modules/a/package.json': {},
      'lib/node_modules/dev/package.json': {},
    });
    expect(await packed()).toEqual([
      'node_modules/lib/index.js',
      'node_modules/lib/node_modules/a/package.json',
      'node_modules/lib/package.json',
      'package.json',
    ]);
  });

  it('include peers and bundled packages that are there, and need none that are not', async () => {
    await write({
      'function/package.json': { dependencies: { a: '1' } },
      'function/node_modules/a/package.json': {
        peerDependencies: { peer: '1', absent: '1' },
        bundleDependencies: ['bundled'],
      },
      'function/node_modules/a/node_modules/bundled/index.js': '',
      'function/node_modules/peer/package.json': {},
    });
    expect(await packed()).toEqual([
      'node_modules/a/node_modules/bundled/index.js',
      'node_modules/a/package.json',
      'node_modules/peer/package.json',
      'package.json',
    ]);
  });

  it('include the optional ones for a container, and not those for other machines', async () => {
    const native = (os: string, cpu: string, libc?: string) => ({
      os: [os],
      cpu: [cpu],
      ...(libc && { libc: [libc] }),
    });
    const modules = 'function/node_modules';
    await write({
      'function/package.json': { dependencies: { img: '1' } },
      [`${modules}/img/package.json`]: {
        dependencies: { 'img-linux-x64': '1' },
        optionalDependencies: {
          'img-linux-x64': '1',
          'img-linux-x64-musl': '1',
          'img-darwin-arm64': '1',
          gone: '1',
        },
      },
      [`${modules}/img-linux-x64/package.json`]: native('linux', 'x64', 'glibc'),
      [`${modules}/img-linux-x64-musl/package.json`]: native('linux', 'x64', 'musl'),
      [`${modules}/img-darwin-arm64/package.json`]: native('darwin', 'arm64'),
    });
    expect(await packed()).toEqual([
      'node_modules/img-linux-x64/package.json',
      'node_modules/img/package.json',
      'package.json',
    ]);
    const { leftOut, notes } = await pack();
    expect(leftOut).toEqual(['node_modules/img-linux-x64-musl', 'node_modules/img-darwin-arm64']);
    expect(notes).toEqual([]);
  });

  it('are said to be missing where those for a container were not installed', async () => {
    await write({
      'function/package.json': { dependencies: { img: '1' } },
      'function/node_modules/img/package.json': {
        optionalDependencies: { 'img-linux-x64': '1', 'img-darwin-arm64': '1' },
      },
      'function/node_modules/img-darwin-arm64/package.json': { os: ['darwin'], cpu: ['arm64'] },
    });
    expect((await pack()).notes).toEqual([
      'The package img-linux-x64 is not installed, and the function may need it: run npm install --os=linux --cpu=x64 ' +
        '--libc=glibc in its folder and pack it again.',
    ]);
  });

  it('keep the programs that are links', async () => {
    await write({
      'packages/function/package.json': { dependencies: { semver: '7', own: '1' } },
      'packages/function/node_modules/.bin/own': '-> ../own/cli.js',
      'packages/function/node_modules/own/cli.js': '',
      'node_modules/.bin/semver': '-> ../semver/bin/semver.js',
      'node_modules/.bin/tsc': '-> ../typescript/bin/tsc',
      'node_modules/.bin/gone': '-> ../gone/bin',
      'node_modules/semver/bin/semver.js': '',
      'node_modules/typescript/bin/tsc': '',
    });
    expect(await packed('packages/function')).toEqual([
      'node_modules/.bin/own -> ../own/cli.js',
      'node_modules/.bin/semver -> ../semver/bin/semver.js',
      'node_modules/own/cli.js',
      'node_modules/semver/bin/semver.js',
      'package.json',
    ]);
  });

  it('may not put in files of this machine by links', async () => {
    await write({
      'function/package.json': { dependencies: { a: '1' } },
      'function/node_modules/a/index.js': '',
      'function/node_modules/a/inner.js': '-> index.js',
      'function/node_modules/a/outer': '-> ../../../secret',
      secret: '',
    });
    expect(await packed()).toEqual([
      'node_modules/a/index.js',
      'node_modules/a/inner.js -> index.js',
      'package.json',
    ]);
  });

  it('are all that are there when no package.json says which', async () => {
    await write({
      'function/index.js': '',
      'function/node_modules/a/index.js': '',
      'function/node_modules/@scope/b/package.json': { dependencies: { a: '1' } },
      'function/node_modules/.cache/x': '',
    });
    expect(await packed()).toEqual([
      'index.js',
      'node_modules/@scope/b/package.json',
      'node_modules/a/index.js',
    ]);
  });

  it('are none of a function that has none', async () => {
    await write({ 'function/index.js': '' });
    expect(await packed()).toEqual(['index.js']);
  });

  it('are asked for when they are not installed', async () => {
    await write({ 'function/package.json': { dependencies: { nowhere: '1' } } });
    await expect(pack()).rejects.toThrow('The package nowhere is not installed');
  });

  it('cannot be told from a package.json that is not JSON', async () => {
    await write({ 'function/package.json': '{' });
    await expect(pack()).rejects.toThrow('package.json is not JSON');
  });
});
