import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { contentHash, filesUnder } from './content-hash.mjs';

describe('contentHash', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'content-hash-'));
    await mkdir(path.join(root, 'src/deep'), { recursive: true });
    await writeFile(path.join(root, 'src/main.ts'), 'main');
    await writeFile(path.join(root, 'src/deep/leaf.ts'), 'leaf');
    await writeFile(path.join(root, 'package.json'), '{}');
  });

  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  const hash = () =>
    contentHash(root, ['src', 'package.json', 'missing.json'], (file) => !file.endsWith('.spec.ts'));

  it.each([
    ['a file changes', (at: string) => writeFile(path.join(at, 'src/deep/leaf.ts'), 'other')],
    ['a file is added', (at: string) => writeFile(path.join(at, 'src/new.ts'), '')],
    ['a file goes', (at: string) => rm(path.join(at, 'src/main.ts'))],
    ['a missing source appears', (at: string) => writeFile(path.join(at, 'missing.json'), '')],
  ])('changes when %s', async (_, change) => {
    const before = await hash();
    await change(root);
    expect(await hash()).not.toBe(before);
  });

  it('stays when only times change', async () => {
    const before = await hash();
    await utimes(path.join(root, 'src/main.ts'), 1, 1);
    expect(await hash()).toBe(before);
  });

  it('leaves out what does not count', async () => {
    const before = await hash();
    await writeFile(path.join(root, 'src/main.spec.ts'), 'test');
    expect(await hash()).toBe(before);
  });

  it('lists files in the same order everywhere', async () => {
    expect(await filesUnder(path.join(root, 'src'))).toEqual(['deep/leaf.ts', 'main.ts']);
  });

  it('refuses symbolic links, which may point anywhere', async () => {
    await symlink('/etc/hostname', path.join(root, 'src/link.ts'));
    await expect(hash()).rejects.toThrow('neither a file nor a directory');
  });
});
