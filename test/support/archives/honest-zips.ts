import { readFileSync, readdirSync } from 'node:fs';
import { craftZip, extraField, unicodePath, zipOf, type CraftedArchive, type CraftedEntry } from '../zip.js';

export interface HonestZip {
  readonly title: string;
  readonly archive: () => Buffer;
}

const tools = new URL('./tools/', import.meta.url);

/** Made by the tools themselves; `tools/README.md` says how. */
const madeByTools: HonestZip[] = readdirSync(tools)
  .filter((file) => file.endsWith('.zip'))
  .map((file) => ({ title: file.replace('.zip', ''), archive: () => readFileSync(new URL(file, tools)) }));

const index: CraftedEntry = { name: 'index.js', content: 'exports.handler = () => 1;\n' };
const other: CraftedEntry = { name: 'lib/other.js', content: 'y'.repeat(300) };
const timestamps = extraField(0x5455, Buffer.from('0312345678', 'hex'));
const both = (change: Partial<CraftedEntry>): CraftedEntry[] =>
  [index, other].map((entry) => ({ ...entry, ...change }));

function honest(title: string, entries: readonly CraftedEntry[], archive?: CraftedArchive): HonestZip {
  return { title, archive: () => craftZip(entries, archive) };
}

const crafted: HonestZip[] = [
  honest('deflated', both({})),
  honest('stored', both({ method: 'stored' })),
  honest('a signed descriptor, as macOS, Go and Java write', both({ descriptor: 'signed' })),
  honest('an unsigned descriptor', both({ descriptor: 'unsigned' })),
  honest('a signed 64-bit descriptor', both({ descriptor: 'signed64' })),
  honest('an unsigned 64-bit descriptor', both({ descriptor: 'unsigned64' })),
  honest('a descriptor after stored data', both({ descriptor: 'signed', method: 'stored' })),
  honest('the flag of a descriptor without one', both({ flags: 8 })),
  honest('Zip64 values that fit', both({ zip64: true }), { zip64End: {} }),
  honest('Zip64 entries with an ordinary end', both({ zip64: true })),
  honest('a Zip64 end with ordinary entries', both({}), {
    zip64End: {},
    end: { entries: 0xffff, entriesHere: 0xffff, directoryBytes: 0xffffffff, directoryStart: 0xffffffff },
  }),
  honest('the UTF-8 flag', [
    { ...index, flags: 0x800 },
    { name: 'grüße/日本語.txt', content: '✓', flags: 0x800 },
  ]),
  honest('UTF-8 names without the flag', [index, { name: 'grüße.txt', content: '✓' }]),
  honest('the same name in an extra field', [
    { ...index, extra: extraField(0x7075, Buffer.from('\x01\0\0\0\0index.js')) },
  ]),
  honest('names in code page 437, as old Windows tools write', [
    index,
    { name: Buffer.from('gr\x81\xe1e/\xa4.txt', 'latin1'), content: '✓', host: 0, mode: 0 },
    { name: Buffer.from('gr\x81\xe1e\\\xff.txt', 'latin1'), content: '✓', host: 0, mode: 0 },
  ]),
  honest('a second name in UTF-8, as Info-ZIP and WinZip write', [
    index,
    { name: Buffer.from('gr\x81n', 'latin1'), extra: unicodePath(Buffer.from('gr\x81n', 'latin1'), 'grün') },
    { name: '#U65e5.txt', content: '✓', extra: unicodePath('#U65e5.txt', '日.txt') },
  ]),
  honest('a second name in the directory only', [
    index,
    { name: '#U65e5', central: { extra: unicodePath('#U65e5', '日') } },
  ]),
  honest('decomposed accents, as macOS writes', [index, { name: 'u\u0308.txt', content: 'ü' }]),
  honest('a comment', both({}), { comment: 'packed with love' }),
  honest('the longest comment', both({}), { comment: 'c'.repeat(0xffff) }),
  honest('comments of entries', both({ comment: 'generated' })),
  honest('timestamps', both({ extra: timestamps })),
  honest(
    'padding in extra fields, as aligning tools write',
    both({ extra: Buffer.concat([timestamps, Buffer.alloc(3)]) }),
  ),
  honest('directories before their files', [{ name: 'lib/', mode: 0o040755 }, ...both({})]),
  honest('directories after their files', [...both({}), { name: 'lib/', mode: 0o040755 }]),
  honest('an empty directory', [index, { name: 'empty/', method: 'stored', mode: 0o040755 }]),
  honest('a deflated directory, as Java writes', [index, { name: 'a/', descriptor: 'signed' }]),
  honest('only directories', [{ name: 'a/b/' }]),
  honest('the root itself', [
    { name: './', mode: 0o040755 },
    { ...index, name: './index.js' },
  ]),
  honest('a leading ./', [
    { ...index, name: './index.js' },
    { ...other, name: './lib/other.js' },
  ]),
  honest('backslashes, as Windows tools write', [
    { ...index, host: 0, mode: 0 },
    { ...other, name: 'lib\\other.js', host: 0, mode: 0 },
  ]),
  honest('a directory with a backslash', [
    index,
    { name: 'lib\\', host: 0, mode: 0 },
    { ...other, name: 'lib\\other.js' },
  ]),
  honest('DOS attributes only', both({ host: 0, mode: 0 })),
  honest('NTFS as the host', both({ host: 10, mode: 0 })),
  honest('permissions without a type, as Python writes', both({ mode: 0o600 })),
  honest('an executable file', [index, { name: 'run.sh', content: '#!/bin/sh\n', mode: 0o100755 }]),
  honest('setuid and world-writable', both({ mode: 0o106777 })),
  honest('no permissions at all', both({ mode: 0o100000 })),
  honest('a link to a file', [index, other, { name: 'link.js', content: 'lib/other.js', mode: 0o120777 }]),
  honest('a link to the parent directory', [
    index,
    { name: 'a/link.js', content: '../index.js', mode: 0o120777 },
  ]),
  honest('a chain of links', [
    index,
    { name: 'one', content: 'two', mode: 0o120777 },
    { name: 'two', content: './index.js', mode: 0o120777 },
  ]),
  honest('a link through a linked directory', [
    other,
    { name: 'l', content: 'lib', mode: 0o120777 },
    { name: 'm', content: 'l/../l/other.js', mode: 0o120777 },
  ]),
  honest('a link to nothing', [index, { name: 'l', content: 'not-packed.js', mode: 0o120777 }]),
  honest('an empty file', [index, { name: '.gitkeep', method: 'stored' }]),
  honest('an empty deflated file', [index, { name: '.gitkeep' }]),
  honest(
    'names of object properties',
    ['__proto__', 'constructor/prototype', 'toString'].map((name) => ({ ...index, name })),
  ),
  honest('a zip inside', [
    index,
    { name: 'inner.zip', content: zipOf({ '../x': 'never unpacked' }), method: 'stored' },
  ]),
  honest('a file named meta.json', [index, { name: 'meta.json', content: '{"name":"other"}' }]),
  honest('no handler', [other]),
  honest('a highly compressible file of 1 MiB', [{ name: 'zeros', content: Buffer.alloc(1024 * 1024) }]),
  honest('the longest part', [index, { name: 'a'.repeat(255), content: 'x' }]),
  honest('the deepest path', [other, { ...index, name: 'a/'.repeat(31) + 'index.js' }]),
  honest('entries in another order than the directory', [other, index]),
];

/** Each of these must be accepted and unpacked byte for byte. */
export const honestZips: readonly HonestZip[] = [...crafted, ...madeByTools];
