import { deflateRawSync } from 'node:zlib';
import { type CraftedEntry, craftZip, extraField } from '../zip.js';
import { damaged, hostile, hostileEntries, type HostileZip, index } from './hostile-entries.js';

const second: CraftedEntry = { name: 'second.js', content: 'x'.repeat(50), method: 'stored' };
const zeros = (mebibytes: number) => Buffer.alloc(mebibytes * 1024 * 1024);
const endOf = (archive: Buffer) => archive.subarray(-22);

const headers: HostileZip[] = [
  hostile('header_mismatch', 'another name in the local header', [
    { ...index, local: { name: Buffer.from('index.ts') } },
  ]),
  hostile('header_mismatch', 'another method in the local header', [{ ...index, local: { method: 0 } }]),
  hostile('header_mismatch', 'other flags in the local header', [{ ...index, local: { flags: 0x800 } }]),
  hostile('header_mismatch', 'another checksum in the local header', [{ ...index, local: { crc32: 1 } }]),
  hostile('header_mismatch', 'another size in the local header', [{ ...index, local: { unpackedBytes: 1 } }]),
  hostile('header_mismatch', 'another packed size in the local header', [
    { ...index, local: { compressedBytes: 1 } },
  ]),
  hostile('header_mismatch', 'another size behind a descriptor', [
    { ...index, descriptor: 'signed', local: { unpackedBytes: 1 } },
  ]),
  hostile('header_mismatch', 'two sizes of a stored file', [
    { ...second, local: { unpackedBytes: 9 }, central: { unpackedBytes: 9 } },
  ]),
  hostile('header_mismatch', 'another name in an extra field', [
    { ...index, extra: extraField(0x7075, Buffer.from('\x01\0\0\0\0../x')) },
  ]),
  hostile('header_mismatch', 'a Zip64 end that says otherwise', [index], {
    zip64End: { entries: 1 },
    end: { directoryStart: 1 },
  }),
  hostile('malformed_header', 'an extra field that runs over', [
    { ...index, extra: Buffer.from('0700ff0041', 'hex') },
  ]),
  hostile('malformed_header', 'the same Zip64 field twice', [
    { ...index, zip64: true, extra: extraField(1, Buffer.alloc(24)) },
  ]),
  hostile('malformed_header', 'a Zip64 field that is too short', [
    { ...index, extra: extraField(1, Buffer.alloc(4)), central: { unpackedBytes: 0xffffffff } },
  ]),
  hostile('malformed_header', 'an entry without a local header', [{ ...index, central: { offset: 3 } }]),
  hostile('malformed_header', 'an entry behind the end of the file', [
    { ...index, central: { offset: 0xfffffff0 } },
  ]),
  hostile('malformed_header', 'a Zip64 end record that is not there', [index], {
    afterDirectory: Buffer.concat([Buffer.from('PK\x06\x07'), Buffer.alloc(16)]),
  }),
  damaged('malformed_header', 'a damaged directory', () => {
    const archive = craftZip([index]);
    archive.write('XX', archive.indexOf('PK\x01\x02'), 'latin1');
    return archive;
  }),
  hostile('encrypted', 'an encrypted entry', [{ ...index, flags: 1 }]),
  hostile('encrypted', 'a strongly encrypted entry', [{ ...index, flags: 1 << 6 }]),
  hostile('encrypted', 'masked headers', [{ ...index, flags: 1 << 13 }]),
  hostile('unsupported_method', 'a patch', [{ ...index, flags: 1 << 5 }]),
  ...[1, 6, 9, 12, 14, 93, 95, 99].map((method) =>
    hostile('unsupported_method', `method ${method}`, [{ ...index, local: { method }, central: { method } }]),
  ),
];

const layout: HostileZip[] = [
  hostile('overlapping_entries', 'two entries that share one header', [
    index,
    { ...index, central: { offset: 0 } },
  ]),
  damaged('overlapping_entries', 'an entry inside the data of another', () => {
    const inner = craftZip([{ ...second, name: 'inner.js' }]);
    const content = inner.subarray(0, inner.indexOf('PK\x01\x02'));
    const outer: CraftedEntry = { name: 'outer', content, method: 'stored' };
    return craftZip([outer, { ...second, name: 'inner.js', central: { offset: 30 + 'outer'.length } }]);
  }),
  damaged('overlapping_entries', '500 entries of 1 MiB on the same bytes', () => {
    const content = zeros(1);
    const declared = { compressedBytes: deflateRawSync(content).length, unpackedBytes: content.length };
    const copies = Array.from({ length: 499 }, (_, i) => ({
      name: `copy-${i}`,
      packed: Buffer.alloc(0),
      local: declared,
      central: declared,
    }));
    return craftZip([...copies, { name: 'original', content }]);
  }),
  hostile('hidden_data', 'bytes between two entries', [index, { ...second, before: Buffer.from('hidden') }]),
  hostile('hidden_data', 'an entry that no directory names', [
    index,
    { ...second, before: craftZip([index]).subarray(0, 60) },
  ]),
  hostile('hidden_data', 'bytes after the last entry', [index], { afterEntries: Buffer.alloc(100) }),
  hostile('hidden_data', 'a descriptor without its flag', [
    index,
    { ...second, before: Buffer.from('PK\x07\x08AAAABBBBCCCC') },
  ]),
  hostile('hidden_data', 'a descriptor that says otherwise', [
    { ...index, flags: 8 },
    { ...second, before: Buffer.from('PK\x07\x08AAAABBBBCCCC') },
  ]),
  hostile('hidden_data', 'bytes after the directory', [index], { afterDirectory: Buffer.alloc(5) }),
  hostile('prefix_data', 'a program before the archive', [index], { prefix: Buffer.from('#!/bin/sh\n') }),
  damaged('prefix_data', 'a program put before a finished archive', () =>
    Buffer.concat([Buffer.from('#!/bin/sh\n'), craftZip([index])]),
  ),
  hostile('trailing_data', 'bytes after the end', [index], { trailing: Buffer.from('x') }),
  damaged('prefix_data', 'an archive in the comment of another', () =>
    craftZip([index], { comment: craftZip([second]) }),
  ),
  hostile('trailing_data', 'what looks like an end in the comment', [index], {
    comment: 'PK\x05\x06' + ' '.repeat(30),
  }),
  hostile('hidden_data', 'a second end in the comment of the first', [index], {
    comment: endOf(craftZip([index])),
  }),
  damaged('prefix_data', 'one archive after another', () =>
    Buffer.concat([craftZip([index]), craftZip([second])]),
  ),
  hostile('entry_count_mismatch', 'fewer entries than counted', [index], {
    end: { entries: 2, entriesHere: 2 },
  }),
  hostile('hidden_entries', 'more entries than counted', [index, second], {
    end: { entries: 1, entriesHere: 1 },
  }),
  hostile('hidden_entries', 'an entry cut from the directory', [index, second], {
    end: { entries: 1, entriesHere: 1, directoryBytes: 46 + 'index.js'.length },
  }),
  hostile('multi_disk', 'a second disk', [index], { end: { disk: 1 } }),
  hostile('multi_disk', 'entries on another disk', [index], { end: { entriesHere: 0 } }),
  hostile('multi_disk', 'an entry of another disk', [{ ...index, central: { disk: 1 } }]),
  hostile('multi_disk', 'a second disk by Zip64', [index], { zip64End: { disk: 1 } }),
  hostile('empty_archive', 'no entries', []),
  hostile('truncated', 'a directory that would begin behind its end', [index], {
    end: { directoryStart: 5000 },
  }),
  hostile('truncated', 'data that would reach into the directory', [
    { ...index, local: { compressedBytes: 999 }, central: { compressedBytes: 999 } },
  ]),
  damaged('truncated', 'the last byte missing', () => craftZip([index]).subarray(0, -1)),
  damaged('truncated', 'the second half missing', () => craftZip([index, second]).subarray(0, 60)),
  damaged('truncated', 'the first ten bytes missing', () => craftZip([index]).subarray(10)),
  damaged('not_a_zip', 'nothing at all', () => Buffer.alloc(0)),
  damaged('not_a_zip', 'a text', () => Buffer.from('exports.handler = () => 1;')),
  damaged('not_a_zip', 'a gzip file', () => Buffer.from('1f8b0800000000000003', 'hex')),
];

const content: HostileZip[] = [
  hostile('crc_mismatch', 'a wrong checksum', [{ ...index, local: { crc32: 1 }, central: { crc32: 1 } }]),
  hostile('crc_mismatch', 'a wrong checksum of a stored file', [
    { ...second, local: { crc32: 1 }, central: { crc32: 1 } },
  ]),
  hostile('crc_mismatch', 'a checksum for nothing', [
    { name: 'a', method: 'stored', local: { crc32: 7 }, central: { crc32: 7 } },
  ]),
  hostile('size_mismatch', '1 MiB that declares 10 bytes', [
    { name: 'a', content: zeros(1), local: { unpackedBytes: 10 }, central: { unpackedBytes: 10 } },
  ]),
  hostile('size_mismatch', '1 MiB that declares none', [
    { name: 'a', content: zeros(1), local: { unpackedBytes: 0 }, central: { unpackedBytes: 0 } },
  ]),
  hostile('size_mismatch', 'less than it declares', [
    { ...index, local: { unpackedBytes: 99 }, central: { unpackedBytes: 99 } },
  ]),
  hostile('corrupt_data', 'data that are not deflated', [
    { ...index, packed: Buffer.from('ffffffffffff', 'hex') },
  ]),
  hostile('corrupt_data', 'deflated data cut off', [
    { ...index, packed: deflateRawSync(index.content ?? '').subarray(0, -3) },
  ]),
  hostile('file_too_large', 'a file that declares 2 GiB', [
    { ...index, local: { unpackedBytes: 2 ** 31 }, central: { unpackedBytes: 2 ** 31 } },
  ]),
  hostile('file_too_large', 'a file that declares 8 EiB by Zip64', [
    { ...index, zip64: true, local: { unpackedBytes: 2 ** 62 }, central: { unpackedBytes: 2 ** 62 } },
  ]),
  hostile(
    'unpacked_too_large',
    'three files that declare 99 MiB each',
    ['a', 'b', 'c'].map((name) => {
      const declared = { unpackedBytes: 99 * 2 ** 20 };
      return { ...index, name, local: declared, central: declared };
    }),
  ),
  hostile('ratio_too_high', '8 MiB of zeros', [index, { name: 'zeros', content: zeros(8) }]),
  hostile(
    'ratio_too_high',
    'zeros in small files',
    Array.from({ length: 9 }, (_, i) => ({ name: `z${i}`, content: zeros(0.5) })),
  ),
  hostile(
    'too_many_entries',
    '10,001 entries',
    Array.from({ length: 10_001 }, (_, i) => ({ name: `f${i}`, method: 'stored' as const })),
  ),
  hostile('too_many_entries', 'a count of 65,535', [index], {
    end: { entries: 0xffff, entriesHere: 0xffff },
  }),
  hostile(
    'too_many_entries',
    'a few entries in countless directories',
    Array.from({ length: 400 }, (_, i) => ({
      name: `${i}/`.repeat(31) + 'f',
      method: 'stored' as const,
    })),
  ),
];

/** Archives whose headers, layout or content are wrong or too large. */
export const hostileStructures: readonly HostileZip[] = [...headers, ...layout, ...content];

/** Each of these must be refused for the reason named, with nothing left on disk. */
export const hostileZips: readonly HostileZip[] = [...hostileEntries, ...hostileStructures];
