import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { settingsFor } from '../../../test/support/builders/functions.js';
import { Installation } from '../../common/installation/installation.js';
import { buildsSettings } from '../builds.settings.js';
import { BuildCache } from './build-cache.js';

const [first, second, third] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [string, string, string];
const halfAMib = Buffer.alloc(512 * 1024, 7);

describe('packages kept for later builds', () => {
  let root: string;
  let log: RecordingLog;
  let number = 0;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'glambdar-cache-'));
    log = new RecordingLog();
  });
  afterEach(() => rm(root, { recursive: true }));

  const cacheOf = (cacheMiB: number) =>
    new BuildCache(
      Installation.at(root, '00000000'),
      new ManualClock(),
      log,
      settingsFor(buildsSettings, { cacheMiB }),
    );
  const zipWith = async (content: Buffer | string) => {
    const path = join(root, `zip-${(number += 1)}`);
    await writeFile(path, content);
    return path;
  };
  const kept = async () => (await readdir(join(root, 'build-cache'))).sort();
  const place = () => join(root, `place-${(number += 1)}`);

  it('are found by their key, byte for byte', async () => {
    const cache = cacheOf(1);
    const path = place();
    await expect(cache.fetch(first, path)).resolves.toBe(false);
    await cache.store(first, await zipWith('a zip'));
    await expect(cache.fetch(second, path)).resolves.toBe(false);
    await expect(cache.fetch(first, path)).resolves.toBe(true);
    await expect(readFile(path, 'utf8')).resolves.toBe('a zip');
  });

  it('are thrown away if they have changed on the disk', async () => {
    const cache = cacheOf(1);
    await cache.store(first, await zipWith('a zip'));
    const [name = ''] = await kept();
    await rm(join(root, 'build-cache', name));
    await writeFile(join(root, 'build-cache', name), 'another');
    const path = place();
    await expect(cache.fetch(first, path)).resolves.toBe(false);
    await expect(readFile(path)).rejects.toThrow();
    expect(await kept()).toEqual([]);
  });

  it('go when room is needed, those that were used least lately first', async () => {
    const cache = cacheOf(1);
    await cache.store(first, await zipWith(halfAMib));
    await cache.store(second, await zipWith(halfAMib));
    for (const name of await kept()) {
      const usedAt = name.startsWith(first) ? 2000 : 1000;
      await utimes(join(root, 'build-cache', name), usedAt, usedAt);
    }
    await cache.store(third, await zipWith(halfAMib));
    expect((await kept()).map((name) => name.slice(0, 64))).toEqual([first, third]);
  });

  it.each([0, 1])('are not kept where there is no room for them: %d MiB', async (cacheMiB) => {
    const cache = cacheOf(cacheMiB);
    await cache.store(first, await zipWith(Buffer.alloc(2 * 1024 * 1024)));
    await expect(cache.fetch(first, place())).resolves.toBe(false);
  });

  it('are whole or not there: what a crash left is swept, and what is somebody else’s stays', async () => {
    const cache = cacheOf(1);
    await cache.store(first, await zipWith('a zip'));
    const part = '11111111-1111-4111-8111-111111111111.part';
    for (const name of [part, 'notes.txt']) await writeFile(join(root, 'build-cache', name), 'x');
    await cache.sweep();
    expect(await kept()).toEqual([expect.stringContaining(first) as string, 'notes.txt']);
    expect(log.lines).toEqual([]);
  });
});
