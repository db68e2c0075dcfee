import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { craftZip, zipOf } from '../../../test/support/zip.js';
import { honestZips } from '../../../test/support/archives/honest-zips.js';
import { hostileZips } from '../../../test/support/archives/hostile-zips.js';
import { filesBelow, filesByYauzl, UnpackingPlace } from '../../../test/support/archives/unpacking.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { unpack } from './unpack.js';

describe('unpacking', () => {
  let place: UnpackingPlace;

  beforeAll(async () => {
    place = await UnpackingPlace.make();
  });

  afterAll(() => place.remove());

  describe('refuses', () => {
    it.each(hostileZips)('$title ($reason)', async ({ archive, reason }) => {
      const refusal: unknown = await place.unpack(archive()).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ name: 'DomainError', details: { reason } });
      expect((refusal as DomainError).message).not.toContain(place.path);
      expect(await place.strayFiles()).toEqual([]);
    });

    it('before anything is written when the headers alone are wrong', async () => {
      await expect(place.unpack(zipOf({ 'index.js': 'x', '../x': 'x' }))).rejects.toThrow();
      expect(existsSync(place.codePath)).toBe(false);
    });

    it('what would leave too little of the disk free', async () => {
      const request = await place.requestFor(zipOf({ 'index.js': 'x' }));
      const refusal = unpack({ ...request, reserveBytes: Number.MAX_SAFE_INTEGER });
      await expect(refusal).rejects.toMatchObject({ code: 'INSUFFICIENT_STORAGE' });
      expect(existsSync(place.codePath)).toBe(false);
    });

    it('without a word of the operating system when the disk fails', async () => {
      const request = await place.requestFor(zipOf({ 'index.js': 'x' }));
      const failure: unknown = await unpack({ ...request, archivePath: '/nowhere/upload.zip' }).catch(
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
      expect((failure as DomainError).message).not.toMatch(/nowhere|ENOENT/);
    });
  });

  describe('accepts', () => {
    it.each(honestZips)('$title', async ({ archive }) => {
      const bytes = archive();
      const unpacked = await place.unpack(bytes);
      const files = await filesBelow(place.codePath);
      const expected = await filesByYauzl(bytes);

      for (const [path, content] of expected) {
        const asLink = Buffer.concat([Buffer.from('-> '), content]);
        const found = files.get(path);
        // Compared as buffers: a matcher would take seconds for a large file.
        expect([path, found?.equals(content) === true || found?.equals(asLink)]).toEqual([path, true]);
      }
      expect([...files.keys()].filter((path) => !path.endsWith('/'))).toHaveLength(expected.size);
      expect(unpacked.fileCount).toBe(expected.size);
      expect(unpacked.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(await place.strayFiles()).toEqual([]);
    });
  });

  it.each([
    [0o100644, 0o444],
    [0o100600, 0o444],
    [0o100000, 0o444],
    [0o102666, 0o444],
    [0o100755, 0o555],
    [0o104711, 0o555],
  ])('makes a file of mode %o one of mode %o', async (stored, onDisk) => {
    await place.unpack(craftZip([{ name: 'lib/file', content: 'x', mode: stored }]));
    expect((await lstat(join(place.codePath, 'lib/file'))).mode & 0o7777).toBe(onDisk);
    expect((await lstat(join(place.codePath, 'lib'))).mode & 0o7777).toBe(0o555);
  });

  it('keeps links as links', async () => {
    await place.unpack(
      craftZip([
        { name: 'a/b', content: 'x' },
        { name: 'l', content: 'a/b', mode: 0o120777 },
      ]),
    );
    expect((await lstat(join(place.codePath, 'l'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(place.codePath, 'l'), 'utf8')).toBe('x');
  });

  it('takes 5,000 files', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 5000 }, (_, i) => [`node_modules/p${i % 100}/f${i}.js`, `exports.n = ${i};`]),
    );
    await expect(place.unpack(zipOf(files))).resolves.toMatchObject({ fileCount: 5000 });
  }, 60_000);
});
