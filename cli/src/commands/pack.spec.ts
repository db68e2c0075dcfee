import AdmZip from 'adm-zip';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Given, runCommand } from '../../test/support/fake-host.js';
import { writeFiles } from '../../test/support/files.js';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'gl-pack-'));
});
afterEach(() => rm(place, { recursive: true }));

const write = (files: Parameters<typeof writeFiles>[1]) => writeFiles(place, files);

/** In the folder that holds `hello`, unless another one is given. */
const pack = (words: readonly string[], given: Given = {}) =>
  runCommand(['pack', ...words], { workingDirectory: place, ...given });

function namesIn(zip: string): string[] {
  return new AdmZip(join(place, zip)).getEntries().map(({ entryName }) => entryName);
}

async function bytesOf(zip: string): Promise<number> {
  return (await stat(join(place, zip))).size;
}

describe('glambdar pack', () => {
  it('makes a zip of the current folder, named after it and in it, and says what it holds', async () => {
    await write({ 'hello/index.js': 'exports.handler = 1;', 'hello/lib/a.js': '' });
    const packed = await pack([], { workingDirectory: join(place, 'hello') });
    expect(packed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(packed.stdout).toBe(`hello.zip: ${await bytesOf('hello/hello.zip')} bytes, 2 files, 0 packages\n`);
    expect(namesIn('hello/hello.zip')).toEqual(['index.js', 'lib/a.js']);
    expect(new AdmZip(join(place, 'hello/hello.zip')).readAsText('index.js')).toBe('exports.handler = 1;');
  });

  it('makes the zip of another folder in the current one', async () => {
    await write({ 'functions/hello/index.js': '' });
    expect((await pack(['functions/hello'])).stdout).toMatch(/^hello\.zip: \d+ bytes, 1 file, 0 packages\n$/);
    expect((await readdir(place)).sort()).toEqual(['functions', 'hello.zip']);
  });

  it.each([
    ['from the current folder', () => 'out/made.zip'],
    ['from the root', () => join(place, 'out/made.zip')],
  ])('writes it where it is told, by a path %s', async (_, named) => {
    await write({ 'hello/index.js': '', 'out/other': '' });
    expect((await pack(['hello', named()])).stdout).toContain(`${named()}: `);
    expect(namesIn('out/made.zip')).toEqual(['index.js']);
    expect(await readdir(place)).toEqual(['hello', 'out']);
  });

  it('gives the same bytes again, in place of those of before, and never packs them', async () => {
    await write({ 'hello/index.js': '' });
    const inHello = { workingDirectory: join(place, 'hello') };
    for (const words of [[], ['.', 'made.zip']]) {
      const zip = join(place, 'hello', words[1] ?? 'hello.zip');
      await pack(words, inHello);
      const first = await readFile(zip);
      await pack(words, inHello);
      expect(await readFile(zip)).toEqual(first);
      await rm(zip);
    }
  });

  it('leaves to the server whether the code loads', async () => {
    await write({ 'hello/notes.txt': '' });
    expect(await pack(['hello'])).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('prints what was packed with --json', async () => {
    await write({
      'hello/index.js': '',
      'hello/.env': '',
      'hello/package.json': { dependencies: { a: '1' } },
    });
    await write({ 'hello/node_modules/a/package.json': {} });
    expect(JSON.parse((await pack(['hello', '--json'])).stdout)).toEqual({
      archive: 'hello.zip',
      bytes: await bytesOf('hello.zip'),
      files: 3,
      packages: 1,
      leftOut: ['.env'],
    });
  });
});

describe('what glambdar pack leaves out', () => {
  it('is what .glambdarignore names and what belongs to this machine, and is said', async () => {
    await write({
      ...{ 'hello/index.js': '', 'hello/.glambdarignore': 'test\n', 'hello/test/a.js': '' },
      ...{ 'hello/.env': 'SECRET=1', 'hello/.git/config': '' },
    });
    expect((await pack(['hello'])).stdout).toContain('\nleft out: .env, .git, .glambdarignore, test\n');
    expect(namesIn('hello.zip')).toEqual(['index.js']);
  });

  it('is said by its first ten names and the number of the others', async () => {
    const files = Array.from(
      { length: 12 },
      (_, index) => [`hello/${'abcdefghijkl'[index]}.log`, ''] as const,
    );
    await write({ 'hello/index.js': '', 'hello/.glambdarignore': '*.log', ...Object.fromEntries(files) });
    expect((await pack(['hello'])).stdout).toContain(
      '\nleft out: .glambdarignore, a.log, b.log, c.log, d.log, e.log, f.log, g.log, h.log, i.log and 3 more\n',
    );
  });
});

describe('the packages that glambdar pack puts in', () => {
  const own = { 'hello/index.js': '', 'hello/package.json': { dependencies: { a: '1' } } };

  it('are those that package.json depends on, as they are installed', async () => {
    await write({ ...own, 'hello/node_modules/a/index.js': '', 'hello/node_modules/other/index.js': '' });
    expect((await pack(['hello'])).stdout).toMatch(/, 3 files, 1 package\n$/);
    expect(namesIn('hello.zip')).toEqual(['index.js', 'node_modules/a/index.js', 'package.json']);
  });

  it('are none with --no-packages, installed or not', async () => {
    await write(own);
    expect((await pack(['hello', '--no-packages'])).stdout).toMatch(/, 2 files, 0 packages\n$/);
    await write({ 'hello/node_modules/a/index.js': '' });
    expect((await pack(['hello', '--no-packages'])).stdout).toContain('\nleft out: node_modules\n');
    expect(namesIn('hello.zip')).toEqual(['index.js', 'package.json']);
  });

  it.each(['x64', 'arm64'])('are those for the processor that --cpu names: %s', async (cpu) => {
    const native = (of: string) => ({ os: ['linux'], cpu: [of] });
    await write({
      ...own,
      'hello/node_modules/a/package.json': {
        optionalDependencies: { 'a-linux-x64': '1', 'a-linux-arm64': '1' },
      },
      'hello/node_modules/a-linux-x64/package.json': native('x64'),
      'hello/node_modules/a-linux-arm64/package.json': native('arm64'),
    });
    await pack(['hello', '--cpu', cpu]);
    expect(namesIn('hello.zip')).toContain(`node_modules/a-linux-${cpu}/package.json`);
    expect(namesIn('hello.zip').filter((name) => name.includes('linux'))).toHaveLength(1);
  });

  it('are warned of where one for the server may be missing', async () => {
    await write({
      ...own,
      'hello/node_modules/a/package.json': { optionalDependencies: { 'a-linux-x64': '1' } },
    });
    const { exitCode, stderr } = await pack(['hello', '--cpu', 'x64']);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^warning: The package a-linux-x64 is not installed, and the function may need it: run /,
    );
  });

  it('are asked for where they are not installed', async () => {
    await write(own);
    expect(await pack(['hello'])).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: "error: The package a is not installed: run npm install in the function's folder.\n",
    });
    expect(await readdir(place)).toEqual(['hello']);
  });
});

describe('what glambdar pack cannot pack', () => {
  it.each([
    ['that is not there', 'nothing'],
    ['that is a file', 'hello/index.js'],
  ])('is a folder %s', async (_, named) => {
    await write({ 'hello/index.js': '' });
    expect(await pack([named])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: `error: ${named} is not a folder that can be read.\n`,
    });
  });

  it('is a folder with nothing to pack', async () => {
    await write({ 'hello/.env': '' });
    expect(await pack(['hello'])).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: There is nothing to pack in this folder.\n`glambdar init` makes a function to begin with.\n',
    });
    expect(await readdir(place)).toEqual(['hello']);
  });

  it('is what no server takes', async () => {
    await write({ 'hello/a\\b.js': '' });
    const { exitCode, stderr } = await pack(['hello']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('has characters that no server takes');
    expect(await readdir(place)).toEqual(['hello']);
  });

  it('is for a processor that no server has', async () => {
    await write({ 'hello/index.js': '' });
    const { exitCode, stderr } = await pack(['hello', '--cpu', 'amd64']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Allowed choices are x64, arm64.');
    expect(await readdir(place)).toEqual(['hello']);
  });

  it('is a file that cannot be read, and the zip of before stays as it was', async () => {
    // It is there for everybody, and can be read by nobody.
    await write({ 'hello/index.js': '-> /proc/self/mem', 'hello.zip': 'of before' });
    const { exitCode, stderr } = await pack(['hello']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('index.js cannot be read (EIO)');
    expect(await readFile(join(place, 'hello.zip'), 'utf8')).toBe('of before');
    expect(await readdir(place)).toEqual(['hello', 'hello.zip']);
  });

  it.each([
    ['is in a folder that is not there', 'nothing/made.zip', 'ENOENT'],
    ['is below a file', 'hello/index.js/made.zip', 'ENOTDIR'],
    ['is a folder', 'hello', 'EISDIR'],
    ['has too long a name', `${'x'.repeat(300)}.zip`, 'ENAMETOOLONG'],
  ])('goes nowhere where the target %s', async (_, target, code) => {
    await write({ 'hello/index.js': '' });
    expect(await pack(['hello', target])).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: `error: ${target} cannot be written (${code}).\nName another file.\n`,
    });
    expect(await readdir(place)).toEqual(['hello']);
    expect(await readdir(join(place, 'hello'))).toEqual(['index.js']);
  });

  it('is warned of where only a server whose operator allows it takes it', async () => {
    // What has no pattern cannot be compressed.
    await write({ 'hello/index.js': randomBytes(51 * 1024 * 1024) });
    const { exitCode, stderr } = await pack(['hello']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('warning: The archive has 51.0 MiB. A server takes 50.0 MiB unless');
  });

  it('is not packed to its end after Ctrl-C', async () => {
    await write({ 'hello/index.js': '' });
    expect(await pack(['hello'], { interrupted: AbortSignal.abort() })).toMatchObject({
      exitCode: 130,
      stdout: '',
      stderr: '',
    });
    expect(await readdir(place)).toEqual(['hello']);
  });
});
