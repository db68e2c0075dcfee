import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { honestZips } from '../../../test/support/archives/honest-zips.js';
import { hostileZips } from '../../../test/support/archives/hostile-zips.js';
import { defaultLimits } from '../../../test/support/archives/unpacking.js';
import { craftZip } from '../../../test/support/zip.js';
import { ArchiveFile } from './archive-file.js';
import { validateArchive } from './archive-validator.js';

describe('an archive on the disk', () => {
  let place: string;

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'glambdar-archive-'));
  });

  afterAll(() => rm(place, { recursive: true }));

  async function fileOf(archive: Buffer): Promise<ArchiveFile> {
    const path = join(place, 'upload.zip');
    await writeFile(path, archive);
    return ArchiveFile.open(path);
  }

  function verdictOn(archive: Buffer): unknown {
    try {
      const { entries, unpackedBytes, notes } = validateArchive(archive, defaultLimits, 'index.handler');
      return { entries, unpackedBytes, notes };
    } catch (error) {
      return error;
    }
  }

  it.each([...honestZips, ...hostileZips])(
    'is judged by its headers as it is judged whole: $title',
    async ({ archive }) => {
      const whole = archive();
      const file = await fileOf(whole);
      try {
        expect(verdictOn(file.headers())).toEqual(verdictOn(whole));
        expect(file.sha256()).toBe(createHash('sha256').update(whole).digest('hex'));
      } finally {
        file.close();
      }
    },
  );

  it('is not read where its entries have their content', async () => {
    const content = Buffer.alloc(100_000, 'x');
    const names = ['index.js', 'other.js'];
    const file = await fileOf(craftZip(names.map((name) => ({ name, content, method: 'stored' }))));
    try {
      const headers = file.headers();
      const [entry] = validateArchive(headers, defaultLimits, 'index.handler').entries;
      if (entry === undefined) throw new Error('The archive has an entry.');
      const { start, end } = entry.compressed;
      expect(headers.subarray(start, end).equals(Buffer.alloc(content.length))).toBe(true);
      expect(file.bytes(entry.compressed).equals(content)).toBe(true);
    } finally {
      file.close();
    }
  });
});
