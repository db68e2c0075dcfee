import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { Installation } from '../../common/installation/installation.js';
import { StorageSizes } from './storage-sizes.js';

let directory: string;
let clock: ManualClock;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glambdar-sizes-'));
  clock = new ManualClock();
});
afterEach(() => rm(directory, { recursive: true }));

async function write(path: string, bytes: number): Promise<void> {
  await mkdir(join(directory, path, '..'), { recursive: true });
  await writeFile(join(directory, path), Buffer.alloc(bytes, 'x'));
}

const sizes = (mostFiles = 1000, of = directory) =>
  new StorageSizes(Installation.at(of, '0'.repeat(8)), clock, mostFiles);

const bytesOf = (read: Awaited<ReturnType<StorageSizes['read']>>) =>
  Object.fromEntries(read.map(({ what, bytes }) => [what, bytes]));

describe('what the server keeps', () => {
  it('is told by kind, everything below each directory together', async () => {
    await write('functions/hello/version-1/index.js', 100_000);
    await write('functions/hello/version-1/node_modules/a/b.js', 200_000);
    await write('staging/upload/x.zip', 50_000);
    await write('glambdar.sqlite', 100_000);
    await write('records.sqlite-wal', 100_000);
    await write('records.sqlite.unusable', 100_000);
    await write('secrets.key', 5000);
    expect(bytesOf(await sizes().read())).toEqual({
      code: 300_000,
      databases: 300_000,
      staging: 50_000,
      buildCache: 0,
      other: 5000,
    });
  });

  it('does not count what links lead to', async () => {
    await write('functions/hello/index.js', 10);
    await symlink('/usr', join(directory, 'functions', 'hello', 'usr'));
    expect(bytesOf(await sizes().read())['code']).toEqual(10);
  });

  it('is measured once a minute, however many ask', async () => {
    await write('functions/a', 10_000);
    const measured = sizes();
    const [one, other] = await Promise.all([measured.read(), measured.read()]);
    expect(one).toBe(other);
    await write('functions/b', 1_000_000);
    clock.advance(59_000);
    expect(bytesOf(await measured.read())['code']).toEqual(10_000);
    clock.advance(1000);
    expect(bytesOf(await measured.read())['code']).toEqual(1_010_000);
  });

  it('is said to be at least so much where there are too many files to look at all', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await write(`functions/${name}`, 10_000);
    const [code] = (await sizes(3).read()).filter(({ what }) => what === 'code');
    expect(code).toEqual({ what: 'code', bytes: 20_000, isAtLeast: true });
  });

  it('is nothing where the directory cannot be read', async () => {
    const read = await sizes(10, join(directory, 'gone')).read();
    expect(new Set(read.map(({ bytes }) => bytes))).toEqual(new Set([0]));
  });
});
