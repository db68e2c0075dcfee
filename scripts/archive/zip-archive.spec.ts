import AdmZip from 'adm-zip';
import { crc32, crc32ByTable, zipOf } from './zip-archive.mjs';

const files = [
  { path: 'index.js', bytes: Buffer.from('exports.handler = async () => 1;\n'.repeat(100)) },
  { path: 'lib/größe.txt', bytes: Buffer.from('ü') },
  { path: 'lib/empty', bytes: Buffer.alloc(0) },
];

describe('zipOf', () => {
  it('writes what another reader of zips reads', () => {
    const entries = new AdmZip(zipOf(files)).getEntries();
    expect(entries.map((entry) => entry.entryName)).toEqual(['index.js', 'lib/größe.txt', 'lib/empty']);
    expect(entries.map((entry) => entry.getData())).toEqual(files.map((file) => file.bytes));
  });

  it('keeps modes and links', () => {
    const modes = [0o100644, 0o100755, 0o120777];
    const entries = new AdmZip(
      zipOf([
        { path: 'plain', bytes: Buffer.from('x') },
        { path: 'program', bytes: Buffer.from('x'), mode: 0o100755 },
        { path: 'link', bytes: Buffer.from('lib/empty'), mode: 0o120777 },
      ]),
    ).getEntries();
    expect(entries.map(({ attr }) => attr >>> 16)).toEqual(modes);
    expect(entries[2]?.getData().toString()).toBe('lib/empty');
  });

  it('compresses', () => {
    expect(zipOf(files).length).toBeLessThan(1_000);
  });

  it('gives the same bytes for the same files', () => {
    expect(zipOf(files)).toEqual(zipOf(files));
  });

  it('refuses more files than the format counts', () => {
    const file = { path: 'a', bytes: Buffer.alloc(0) };
    expect(() => zipOf(Array.from({ length: 65_536 }, () => file))).toThrow('at most 65535 files');
  });
});

describe('crc32', () => {
  it('agrees with the value that the standard gives for its test text', () => {
    const text = Buffer.from('123456789');
    expect([crc32(text), crc32ByTable(text)]).toEqual([0xcbf43926, 0xcbf43926]);
  });
});
