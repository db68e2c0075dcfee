import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundledDependencies } from './bundled-dependencies.mjs';

let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'glambdar-bundle-'));
});
afterEach(() => rm(project, { recursive: true }));

async function write(files: Readonly<Record<string, object | string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

async function bundled(folder = 'function'): Promise<string[]> {
  return (await bundledDependencies(join(project, folder))).map(({ path }) => path).sort();
}

describe('the packages of a function', () => {
  it('are those that it depends on and theirs, each once, and no others', async () => {
    await write({
      'function/package.json': { dependencies: { a: '1', '@scope/b': '1' } },
      'node_modules/a/package.json': { dependencies: { c: '1' } },
      'node_modules/a/lib/a.js': '',
      'node_modules/@scope/b/package.json': { dependencies: { c: '1', a: '1' } },
      'node_modules/c/package.json': { dependencies: { a: '1' } },
      'node_modules/other/package.json': {},
    });
    await expect(bundled()).resolves.toEqual([
      'node_modules/@scope/b/package.json',
      'node_modules/a/lib/a.js',
      'node_modules/a/package.json',
      'node_modules/c/package.json',
    ]);
  });

  it('keep a version of their own where they have one', async () => {
    await write({
      'function/package.json': { dependencies: { a: '1', c: '2' } },
      'node_modules/a/package.json': { dependencies: { c: '1' } },
      'node_modules/a/node_modules/c/package.json': {},
      'node_modules/c/package.json': {},
    });
    await expect(bundled()).resolves.toEqual([
      'node_modules/a/node_modules/c/package.json',
      'node_modules/a/package.json',
      'node_modules/c/package.json',
    ]);
  });

  it('are none of a function that names none, and none that it has already', async () => {
    await write({
      'plain/index.js': '',
      'installed/package.json': { dependencies: { a: '1' } },
      'installed/node_modules/a/package.json': {},
    });
    await expect(bundled('plain')).resolves.toEqual([]);
    await expect(bundled('installed')).resolves.toEqual([]);
  });

  it('are asked for when they are not installed', async () => {
    await write({ 'function/package.json': { dependencies: { nowhere: '1' } } });
    await expect(bundled()).rejects.toThrow('The package nowhere is not installed');
  });
});
