import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { CodeStore, StagedCode } from '../../src/code/store/code-store.js';
import type { VersionKey } from '../../src/functions/function.js';
import { parseFunctionName } from '../../src/functions/function-name.js';
import { eventually } from '../support/eventually.js';
import { zipOf } from '../support/zip.js';

/** A store whose archives may have `maxArchiveBytes`, and what the suite must see of it from outside. */
export interface CodeStoreHarness {
  readonly store: CodeStore;
  readonly maxArchiveBytes: number;
  /** Where `linkInto` may make a directory. */
  readonly linkDirectory: string;
  /** The files of a directory by path, or undefined where there is none. */
  filesIn(directory: string): Promise<Record<string, string> | undefined>;
  /** Uploads and unpacked code that are in nobody's version. */
  stagedCount(): Promise<number>;
  close(): Promise<void>;
}

const version = (name: string, versionId: string): VersionKey => ({
  name: parseFunctionName(name),
  versionId,
});
const files = { 'index.js': 'exports.handler = () => 1;', 'lib/a.js': 'module.exports = 2;' };

/** What every place for code must do. */
export function codeStoreContract(open: () => Promise<CodeStoreHarness>): void {
  let harness: CodeStoreHarness;
  let store: CodeStore;

  beforeEach(async () => {
    harness = await open();
    store = harness.store;
  });

  afterEach(() => harness.close());

  const stage = async (archive: Buffer): Promise<StagedCode> => {
    const upload = await store.beginUpload();
    try {
      await upload.receive(Readable.from([archive.subarray(0, 10), archive.subarray(10)]));
      return await upload.unpack('index.handler', undefined);
    } catch (error) {
      await upload.discard();
      throw error;
    }
  };

  const publish = async (
    key: VersionKey,
    content: Readonly<Record<string, string>> = files,
  ): Promise<void> => {
    const staged = await stage(zipOf(content));
    await staged.publish(key.name, key.versionId);
    await staged.discard();
  };

  /** Undefined where the code cannot be had. */
  async function filesOf(key: VersionKey): Promise<Record<string, string> | undefined> {
    const copy = await store.localCopy(key).catch((error: unknown) => {
      expect(error).toMatchObject({ name: 'DomainError', code: 'CODE_UNAVAILABLE' });
      return undefined;
    });
    const found = copy && (await harness.filesIn(copy.directory));
    copy?.release();
    return found;
  }

  const isGone = (key: VersionKey): Promise<boolean> =>
    store.localCopy(key).then(
      ({ release }) => {
        release();
        return false;
      },
      () => true,
    );

  it('publishes what an archive holds', async () => {
    const key = version('hello', 'v1');
    const archive = zipOf(files);
    const staged = await stage(archive);
    expect(staged).toMatchObject({
      sha256: createHash('sha256').update(archive).digest('hex'),
      codeBytes: 26 + 19,
      fileCount: 2,
    });
    await staged.publish(key.name, key.versionId);
    await staged.discard();
    expect(await filesOf(key)).toEqual(files);
    expect(await harness.stagedCount()).toBe(0);
  });

  it('shows nothing before it is published', async () => {
    const key = version('hello', 'v1');
    const staged = await stage(zipOf(files));
    expect(await filesOf(key)).toBeUndefined();
    await staged.discard();
    await staged.discard();
    expect(await harness.stagedCount()).toBe(0);
  });

  it('looks at what is not yet published', async () => {
    const staged = await stage(zipOf(files));
    await expect(staged.files.read('lib/a.js', 100)).resolves.toEqual(Buffer.from(files['lib/a.js']));
    await expect(staged.files.read('lib/a.js', 1)).rejects.toThrow();
    for (const path of ['lib', 'nowhere.js', 'index.js/x'])
      await expect(staged.files.read(path, 100)).resolves.toBeUndefined();
    expect(await Promise.all(['lib', 'index.js', 'nowhere'].map((path) => staged.files.has(path)))).toEqual([
      true,
      true,
      false,
    ]);
    await staged.discard();
  });

  describe('adds another archive', () => {
    let scratch: string;
    beforeEach(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'glambdar-addition-'));
    });
    afterEach(() => rm(scratch, { recursive: true }));

    const additionOf = async (content: Readonly<Record<string, string>>) => {
      const path = join(scratch, 'addition.zip');
      await writeFile(path, zipOf(content));
      return path;
    };

    it('to unpacked code, which stays the upload that it was', async () => {
      const key = version('hello', 'v1');
      const staged = await stage(zipOf(files));
      const more = { 'lib/b.js': 'b', 'node_modules/m/index.js': 'm' };
      const added = await staged.add(await additionOf(more));
      expect(added).toMatchObject({ sha256: staged.sha256, codeBytes: 26 + 19 + 2, fileCount: 4 });
      expect(added.codeSha256).not.toBe(staged.codeSha256);
      const again = await added.add(await additionOf({ 'index.mjs': 'c' }));
      expect(again).toMatchObject({ sha256: staged.sha256, fileCount: 5 });
      await again.publish(key.name, key.versionId);
      await again.discard();
      expect(await filesOf(key)).toEqual({ ...files, ...more, 'index.mjs': 'c' });
      expect(await harness.stagedCount()).toBe(0);
    });

    it.each<[string, Readonly<Record<string, string>>, string]>([
      ['replaces a file', { 'index.js': 'other' }, 'path_conflict'],
      ['replaces a file by a directory', { 'lib/a.js/b.js': 'other' }, 'path_conflict'],
      ['climbs out', { '../x': 'x' }, 'unsafe_path'],
    ])('unless it %s', async (_what, content, reason) => {
      const staged = await stage(zipOf(files));
      await expect(staged.add(await additionOf(content))).rejects.toMatchObject({ details: { reason } });
      await staged.discard();
      expect(await harness.stagedCount()).toBe(0);
    });
  });

  it('keeps versions and functions apart, also when names differ in case only', async () => {
    const keys = [
      version('hello', 'v1'),
      version('hello', 'v2'),
      version('Hello', 'v1'),
      version('hellO', 'v1'),
    ];
    for (const key of keys) await publish(key, { 'index.js': `${key.name} ${key.versionId}` });
    for (const key of keys) {
      expect(await filesOf(key)).toEqual({
        'index.js': `${key.name} ${key.versionId}`,
      });
    }
    const copies = await Promise.all(keys.map((key) => store.localCopy(key)));
    expect(new Set(copies.map(({ directory }) => directory.toLowerCase())).size).toBe(keys.length);
    for (const { release } of copies) release();
  });

  it.each([
    ['a file that is no archive', Buffer.from('no zip'), 'INVALID_ARCHIVE', 'not_a_zip'],
    ['an archive that climbs out', zipOf({ '../x': 'x' }), 'INVALID_ARCHIVE', 'unsafe_path'],
    ['an upload of nothing', Buffer.alloc(0), 'INVALID_ARCHIVE', 'not_a_zip'],
  ])('refuses %s and keeps nothing of it', async (_, archive, code, reason) => {
    await expect(stage(archive)).rejects.toMatchObject({ name: 'DomainError', code, details: { reason } });
    expect(await harness.stagedCount()).toBe(0);
  });

  it('stops receiving at the limit', async () => {
    const upload = await store.beginUpload();
    let sentBytes = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc((sentBytes += 1000) && 1000);
      })(),
    );
    await expect(upload.receive(endless)).rejects.toMatchObject({
      code: 'ARCHIVE_TOO_LARGE',
      details: { reason: 'archive_too_large' },
    });
    await upload.discard();
    endless.destroy();
    expect(sentBytes).toBeLessThan(harness.maxArchiveBytes + 100_000);
    expect(await harness.stagedCount()).toBe(0);
  });

  it('says that the client went away when its stream fails', async () => {
    const upload = await store.beginUpload();
    const broken = new Readable({ read: () => broken.destroy(new Error('connection reset')) });
    await expect(upload.receive(broken)).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    await upload.discard();
    expect(await harness.stagedCount()).toBe(0);
  });

  it('removes a version, and only that', async () => {
    await publish(version('hello', 'v1'));
    await publish(version('hello', 'v2'));
    await store.remove(version('hello', 'v1'));
    await store.remove(version('hello', 'v1'));
    await store.remove(version('never', 'deployed'));
    expect(await filesOf(version('hello', 'v1'))).toBeUndefined();
    expect(await filesOf(version('hello', 'v2'))).toEqual(files);
    expect(await harness.stagedCount()).toBe(0);
  });

  it('links a version, which neither side loses when the other is removed', async () => {
    const target = `${harness.linkDirectory}/linked`;
    await publish(version('hello', 'v1'));
    await store.linkInto(version('hello', 'v1'), target);
    expect(await harness.filesIn(target)).toEqual(files);
    await store.unlinkFrom(target);
    await store.unlinkFrom(target);
    expect(await harness.filesIn(target)).toBeUndefined();
    expect(await filesOf(version('hello', 'v1'))).toEqual(files);

    await store.linkInto(version('hello', 'v1'), target);
    await store.remove(version('hello', 'v1'));
    expect(await harness.filesIn(target)).toEqual(files);
  });

  it('keeps the code that is to be removed while a copy of it is held, and not longer', async () => {
    const key = version('hello', 'v1');
    await publish(key);
    const [one, other] = [await store.localCopy(key), await store.localCopy(key)];
    await store.remove(key);
    one.release();
    one.release();
    expect(await harness.filesIn(one.directory)).toEqual(files);
    other.release();
    await eventually('the code to go', () => isGone(key));
    await eventually('its remains to go', async () => (await harness.stagedCount()) === 0);
    expect(await filesOf(key)).toBeUndefined();
    await publish(key);
    expect(await filesOf(key)).toEqual(files);
  });

  it('says that code which is not there cannot be had', async () => {
    await publish(version('hello', 'v1'));
    for (const missing of [version('hello', 'v2'), version('never', 'v1')]) {
      await expect(store.localCopy(missing)).rejects.toMatchObject({
        code: 'CODE_UNAVAILABLE',
        message: expect.stringContaining('publish it again') as string,
      });
      await store.remove(missing);
    }
  });

  it('refuses to link what is not there', async () => {
    const target = `${harness.linkDirectory}/linked`;
    await expect(store.linkInto(version('hello', 'v1'), target)).rejects.toMatchObject({
      code: 'CODE_UNAVAILABLE',
    });
    expect(await harness.filesIn(target)).toBeUndefined();
  });

  it('refuses to link over what is there', async () => {
    const target = `${harness.linkDirectory}/linked`;
    await publish(version('hello', 'v1'));
    await publish(version('hello', 'v2'), { 'other.js': '' });
    await store.linkInto(version('hello', 'v1'), target);
    await expect(store.linkInto(version('hello', 'v2'), target)).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
    expect(await harness.filesIn(target)).toEqual(files);
  });

  it('sweeps staging and what no record names, and reports what is missing', async () => {
    const [first, second, lost] = [randomUUID(), randomUUID(), randomUUID()];
    const kept = version('hello', first);
    const [unrecorded, forgotten, missing] = [
      version('hello', second),
      version('Other', first),
      version('hello', lost),
    ];
    for (const key of [kept, unrecorded, forgotten]) await publish(key);
    await stage(zipOf(files));
    await store.beginUpload();

    expect(await store.sweep([kept, missing])).toEqual({ missing: [missing], foreign: [] });
    expect(await harness.stagedCount()).toBe(0);
    expect(await filesOf(kept)).toEqual(files);
    expect(await filesOf(unrecorded)).toBeUndefined();
    expect(await filesOf(forgotten)).toBeUndefined();
    expect(await store.sweep([kept, missing])).toEqual({ missing: [missing], foreign: [] });
  });

  it('sweeps where nothing has ever been stored', async () => {
    expect(await store.sweep([])).toEqual({ missing: [], foreign: [] });
  });
}
