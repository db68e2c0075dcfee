import AdmZip from 'adm-zip';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Archive } from './archive.js';
import type { PackedEntry } from './folder-entries.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glambdar-archive-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function file(path: string, content: string, executable = false): Promise<PackedEntry> {
  const source = join(directory, path.replaceAll('/', '_'));
  await writeFile(source, content);
  return { kind: 'file', path, source, bytes: content.length, executable };
}

async function bytesOf(entries: readonly PackedEntry[]): Promise<Buffer> {
  const archive = await Archive.pack(entries);
  try {
    const bytes = await buffer(Readable.from(archive.read()));
    expect(archive.bytes).toBe(bytes.length);
    return bytes;
  } finally {
    await archive.close();
  }
}

describe('an archive', () => {
  it('is one that other readers read, with modes and links', async () => {
    const entries = [
      await file('index.js', 'exports.handler = async () => 1;\n'.repeat(100)),
      await file('lib/größe.txt', 'ü'),
      await file('lib/empty', ''),
      await file('run', '#!', true),
      { kind: 'link', path: 'link', target: 'lib/empty' } as const,
    ];
    const bytes = await bytesOf(entries);
    const read = new AdmZip(bytes).getEntries();
    expect(read.map(({ entryName, attr }) => [entryName, (attr >>> 16).toString(8)])).toEqual([
      ['index.js', '100644'],
      ['lib/größe.txt', '100644'],
      ['lib/empty', '100644'],
      ['run', '100755'],
      ['link', '120777'],
    ]);
    expect(read.map((entry) => entry.getData().toString().slice(0, 9))).toEqual([
      'exports.h',
      'ü',
      '',
      '#!',
      'lib/empty',
    ]);
    expect(bytes.length).toBeLessThan(1500);
  });

  it('has the same bytes for the same files, whenever they were written', async () => {
    const first = await bytesOf([await file('a', '1')]);
    await chmod(join(directory, 'a'), 0o600);
    expect(await bytesOf([await file('a', '1')])).toEqual(first);
  });

  it('can be read again, for a second digest', async () => {
    const archive = await Archive.pack([await file('a', '1')]);
    try {
      expect(await archive.sha256()).toBe(await archive.sha256());
    } finally {
      await archive.close();
    }
  });

  it('leaves no file behind', async () => {
    const before = await readdir(tmpdir());
    const archive = await Archive.pack([await file('a', '1')]);
    const during = await readdir(tmpdir());
    await archive.close();
    expect(during.filter((name) => /^glambdar-(?!archive)/.test(name) && !before.includes(name))).toEqual([]);
  });

  it('is not made when a file goes meanwhile', async () => {
    const entry = await file('gone.js', '1');
    await rm(join(directory, 'gone.js'));
    await expect(Archive.pack([entry])).rejects.toThrow('gone.js cannot be read (ENOENT)');
  });

  it('may be one that somebody else has packed', async () => {
    await writeFile(join(directory, 'x.zip'), 'PK');
    const archive = await Archive.open(join(directory, 'x.zip'));
    expect([archive.bytes, (await buffer(Readable.from(archive.read()))).toString()]).toEqual([2, 'PK']);
    await archive.close();
    await expect(Archive.open(join(directory, 'none.zip'))).rejects.toThrow(
      'none.zip cannot be read (ENOENT)',
    );
  });
});
