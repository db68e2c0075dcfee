import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, bundleBuilder } from './bundle.mjs';

const project = fileURLToPath(new URL('../../', import.meta.url));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glambdar-worker-'));
  await bundle(directory, project);
});
afterAll(() => rm(directory, { recursive: true }));

const programs = ['worker/main.js', 'worker/proxy-thread.js', 'worker/load-report.js'];

describe('the worker in its image', () => {
  it('is nothing but its programs', async () => {
    const files = await readdir(directory, { recursive: true, withFileTypes: true });
    const names = files.filter((file) => file.isFile()).map(({ name }) => name);
    expect(names.sort()).toEqual(['load-report.js', 'main.js', 'proxy-thread.js']);
  });

  it.each(programs)('reads nothing but what Node itself has: %s', async (program) => {
    const code = await readFile(join(directory, program), 'utf8');
    const names = [...code.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name]) => name ?? '');
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !builtinModules.includes(name.replace('node:', '')))).toEqual([]);
  });

  it('leaves the import of a function to Node', async () => {
    await expect(readFile(join(directory, programs[0]!), 'utf8')).resolves.toMatch(/\bimport\((?!["'])/);
  });
});

describe('the builder in its image', () => {
  it('is one program, which reads nothing but what Node itself has, and esbuild', async () => {
    const builder = await mkdtemp(join(tmpdir(), 'glambdar-builder-'));
    await bundleBuilder(builder, project);
    const code = await readFile(join(builder, 'builder/main.js'), 'utf8');
    await rm(builder, { recursive: true });
    const names = [...code.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name]) => name ?? '');
    const foreign = names.filter((name) => !builtinModules.includes(name.replace('node:', '')));
    expect(new Set(foreign)).toEqual(new Set(['esbuild']));
  });
});
