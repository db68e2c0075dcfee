import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { codeStoreContract } from '../../../test/contract/code-store.contract.js';
import { craftZip, zipOf } from '../../../test/support/zip.js';
import { defaultArchiveSettings, filesBelow } from '../../../test/support/archives/unpacking.js';
import { hostileZips } from '../../../test/support/archives/hostile-zips.js';
import { settingsFor } from '../../../test/support/builders/functions.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { parseFunctionName } from '../../functions/function-name.js';
import { addToTree, type AddRequest } from '../archive/add-to-tree.js';
import { unpack, type UnpackRequest } from '../archive/unpack.js';
import { codeSettings } from '../code.settings.js';
import { Unpacker } from '../thread/unpacker.js';
import { treeDigest } from '../integrity/tree-digest.js';
import { CodeDirectory } from './code-directory.js';
import { removeTree } from './directory-tree.js';
import { DiskCodeStore } from './disk-code-store.js';

/** Unpacks in the test's own process: what the thread adds has a specification of its own. */
class InProcessUnpacker extends Unpacker {
  override unpack: Unpacker['unpack'] = (request) => unpack(request);
  override add = (request: AddRequest) => addToTree(request);
}

const maxArchiveMiB = 1;
const makeDirectory = async () =>
  new CodeDirectory({ directory: await mkdtemp(join(tmpdir(), 'glambdar-code-')) });

function storeIn(
  directory: CodeDirectory,
  diskReserveMiB = 0,
  unpacker: Unpacker = new InProcessUnpacker(),
): DiskCodeStore {
  return new DiskCodeStore(
    directory,
    unpacker,
    { ...defaultArchiveSettings, maxArchiveMiB },
    settingsFor(codeSettings, { diskReserveMiB }),
  );
}

describe('code on disk', () => {
  codeStoreContract(async () => {
    const directory = await makeDirectory();
    return {
      store: storeIn(directory),
      maxArchiveBytes: maxArchiveMiB * 1024 * 1024,
      linkDirectory: directory.path,
      filesIn: async (path) => {
        if (!existsSync(path)) return undefined;
        const files = [...(await filesBelow(path))].filter(([name]) => !name.endsWith('/'));
        return Object.fromEntries(files.map(([name, content]) => [name, content.toString()]));
      },
      stagedCount: async () =>
        existsSync(directory.staging) ? (await readdir(directory.staging)).length : 0,
      close: () => removeTree(directory.path),
    };
  });

  describe('in detail', () => {
    const key = { name: parseFunctionName('Hello'), versionId: 'v1' };
    let directory: CodeDirectory;
    let store: DiskCodeStore;

    beforeEach(async () => {
      directory = await makeDirectory();
      store = storeIn(directory);
    });

    afterEach(() => removeTree(directory.path));

    const publish = async (archive: Buffer) => {
      const upload = await store.beginUpload();
      await upload.receive(Readable.from([archive]));
      await upload
        .unpack('index.handler', undefined)
        .then((staged) => staged.publish(key.name, key.versionId))
        .finally(() => upload.discard());
    };
    const modeOf = async (path: string) => (await lstat(path)).mode & 0o7777;

    it('cannot be changed once published, and everyone may read it', async () => {
      await publish(zipOf({ 'lib/a.js': 'x' }));
      expect(directory.ofVersion(key)).toBe(join(directory.path, 'functions', 'hello.1', 'v1'));
      expect(await modeOf(directory.ofVersion(key))).toBe(0o555);
      expect(await modeOf(join(directory.ofVersion(key), 'lib'))).toBe(0o555);
      expect(await modeOf(join(directory.ofVersion(key), 'lib/a.js'))).toBe(0o444);
    });

    it('keeps staging to itself', async () => {
      const upload = await store.beginUpload();
      await upload.receive(Readable.from([Buffer.from('x')]));
      const [staged] = await readdir(directory.staging);
      expect(await modeOf(directory.staging)).toBe(0o700);
      expect(await modeOf(join(directory.staging, staged ?? ''))).toBe(0o700);
      expect(await modeOf(join(directory.staging, staged ?? '', 'upload.zip'))).toBe(0o600);
    });

    it('links files, and makes symbolic links anew', async () => {
      await publish(
        craftZip([
          { name: 'lib/a.js', content: 'x' },
          { name: 'l', content: 'lib/a.js', mode: 0o120777 },
        ]),
      );
      const target = join(directory.path, 'linked');
      await store.linkInto(key, target);
      const [original, linked] = [join(directory.ofVersion(key), 'lib/a.js'), join(target, 'lib/a.js')];
      expect((await lstat(linked)).ino).toBe((await lstat(original)).ino);
      expect((await lstat(join(target, 'l'))).isSymbolicLink()).toBe(true);
      expect(await modeOf(join(target, 'lib'))).toBe(0o755);
      await store.unlinkFrom(target);
      expect(await modeOf(original)).toBe(0o444);
    });

    it('keeps nothing of any hostile archive, and the name stays free', async () => {
      const small = hostileZips.map(({ archive }) => archive()).filter(({ length }) => length < 10_000);
      for (const archive of small)
        await expect(publish(archive)).rejects.toMatchObject({ name: 'DomainError' });
      expect(await readdir(directory.path)).toEqual(['staging']);
      expect(await readdir(directory.staging)).toEqual([]);
      await expect(publish(zipOf({ 'index.js': 'x' }))).resolves.toBeUndefined();
    }, 30_000);

    it('forgets a function with its last version', async () => {
      await publish(zipOf({ 'index.js': 'x' }));
      await store.remove(key);
      expect(await readdir(directory.functions)).toEqual([]);
    });

    it('refuses uploads when the disk is nearly full', async () => {
      const full = storeIn(directory, 1_000_000_000);
      await expect(full.beginUpload()).rejects.toMatchObject({ code: 'INSUFFICIENT_STORAGE' });
      expect(await readdir(directory.staging)).toEqual([]);
    });

    it('leaves nothing where publishing fails', async () => {
      await mkdir(directory.functions);
      await writeFile(join(directory.functions, 'hello.1'), 'in the way');
      await expect(publish(zipOf({ 'index.js': 'x' }))).rejects.toMatchObject({
        code: 'STORAGE_UNAVAILABLE',
      });
    });

    it('sweeps only what has a name as the server makes it, and leaves and names everything else', async () => {
      await publish(zipOf({ 'index.js': 'x' }));
      const unrecorded = { ...key, versionId: randomUUID() };
      await mkdir(join(directory.ofVersion(unrecorded), 'lib'), { recursive: true });
      const foreign = [
        ...['staging/mysite/index.html', `staging/${randomUUID()}`, 'functions/notes.txt'],
        ...['functions/My Site/index.html', 'functions/hello.1/public/index.html', 'functions/hello.1/old'],
      ];
      for (const file of foreign) {
        await mkdir(dirname(join(directory.path, file)), { recursive: true });
        await writeFile(join(directory.path, file), 'mine');
      }
      const swept = await store.sweep([key]);
      expect(swept.missing).toEqual([]);
      const reported = foreign.map((file) => file.replace(/\/index.html$/, ''));
      expect([...swept.foreign].sort()).toEqual(reported.sort());
      for (const file of foreign) expect(await readFile(join(directory.path, file), 'utf8')).toBe('mine');
      expect(existsSync(directory.ofVersion(unrecorded))).toBe(false);
      expect(await readdir(directory.ofVersion(key))).toEqual(['index.js']);
    });

    it('follows no link in a sweep, and takes none for its own', async () => {
      await publish(zipOf({ 'index.js': 'x' }));
      const [staged, version] = [randomUUID(), randomUUID()];
      await mkdir(directory.staging, { recursive: true });
      await symlink(directory.ofVersion(key), join(directory.staging, staged));
      await symlink(directory.ofVersion(key), join(directory.functions, 'hello.1', version));
      const { foreign } = await store.sweep([key]);
      expect([...foreign].sort()).toEqual([`functions/hello.1/${version}`, `staging/${staged}`]);
      expect(await readdir(directory.ofVersion(key))).toEqual(['index.js']);
    });

    it('keeps what is added as closed as the rest, inside a directory that was there, too', async () => {
      const upload = await store.beginUpload();
      await upload.receive(Readable.from([zipOf({ 'index.js': 'x', 'lib/a.js': 'a' })]));
      const staged = await upload.unpack('index.handler', undefined);
      const addition = join(staged.scratchDirectory, 'more.zip');
      const link = { name: 'node_modules/lib', mode: 0o120777, content: '../lib' };
      await writeFile(
        addition,
        craftZip([
          { name: 'lib/b.js', content: 'b' },
          { name: 'node_modules/m/index.js', content: 'm' },
          link,
        ]),
      );
      const added = await staged.add(addition);
      await added.publish(key.name, key.versionId);
      await upload.discard();
      const published = directory.ofVersion(key);
      expect(treeDigest(published)).toBe(added.codeSha256);
      for (const path of ['', 'lib', 'node_modules', 'node_modules/m'])
        expect(await modeOf(join(published, path))).toBe(0o555);
      for (const path of ['lib/b.js', 'node_modules/m/index.js'])
        expect(await modeOf(join(published, path))).toBe(0o444);
      expect(await readFile(join(published, 'node_modules/lib/b.js'), 'utf8')).toBe('b');
      expect(await readdir(directory.staging)).toEqual([]);
    });

    // Some are hostile only where a folder of theirs is taken as the root, which it never is here.
    it.each(hostileZips)('adds nothing that leads out, of an archive with $title', async ({ archive }) => {
      const upload = await store.beginUpload();
      await upload.receive(Readable.from([zipOf({ 'index.js': 'x' })]));
      const staged = await upload.unpack('index.handler', undefined);
      const addition = join(staged.scratchDirectory, 'more.zip');
      await writeFile(addition, archive());
      const refusal = await staged.add(addition).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (refusal !== undefined) expect(refusal).toBeInstanceOf(DomainError);
      for (const [path, content] of await filesBelow(staged.directory)) {
        const target = /^-> (.*)/.exec(content.toString())?.[1];
        if (target === undefined || refusal !== undefined) continue;
        expect(join(staged.directory, dirname(path), target)).toMatch(staged.directory);
      }
      await upload.discard();
      expect(await readdir(directory.staging)).toEqual([]);
    });

    it('stops unpacking before it removes what was staged', async () => {
      const events: string[] = [];
      class SlowUnpacker extends InProcessUnpacker {
        override unpack = (_: UnpackRequest, signal: AbortSignal) =>
          new Promise<never>((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              events.push(`stopped, ${existsSync(directory.staging) ? 'still staged' : 'too late'}`);
              reject(signal.reason as Error);
            });
          });
      }
      const upload = await storeIn(directory, 0, new SlowUnpacker()).beginUpload();
      const unpacking = upload.unpack('index.handler', undefined);
      await Promise.all([
        expect(unpacking).rejects.toMatchObject({ code: 'CLIENT_CLOSED' }),
        upload.discard(),
      ]);
      expect(events).toEqual(['stopped, still staged']);
      expect(await readdir(directory.staging)).toEqual([]);
    });
  });
});
