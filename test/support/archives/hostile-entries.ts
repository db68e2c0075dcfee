import type { ArchiveReason } from '../../../src/code/archive/archive-refusal.js';
import { type CraftedArchive, type CraftedEntry, craftZip, unicodePath } from '../zip.js';

export interface HostileZip {
  readonly title: string;
  readonly archive: () => Buffer;
  readonly reason: ArchiveReason;
}

export const index: CraftedEntry = { name: 'index.js', content: 'exports.handler = () => 1;\n' };

/** One that is made wrong by what it is made from. */
export function hostile(
  reason: ArchiveReason,
  title: string,
  entries: readonly CraftedEntry[],
  archive?: CraftedArchive,
): HostileZip {
  return { title, reason, archive: () => craftZip(entries, archive) };
}

/** One that is made wrong afterwards. */
export function damaged(reason: ArchiveReason, title: string, archive: () => Buffer): HostileZip {
  return { title, reason, archive };
}

const link = (name: string, target: string | Buffer): CraftedEntry => ({
  name,
  content: target,
  mode: 0o120777,
});

const unsafeNames: readonly (readonly [string, string | Buffer])[] = [
  ['the parent directory', '../x'],
  ['a parent inside the path', 'a/../../x'],
  ['a parent at the end', 'a/..'],
  ['a parent behind ./', './../x'],
  ['a parent with a backslash', '..\\x'],
  ['the parent alone', '..'],
  ['a parent as overlong UTF-8 that is marked as such', Buffer.from('c0aec0ae2f78', 'hex')],
  ['a parent that Windows would see', '.. /x'],
  ['an absolute path', '/etc/passwd'],
  ['two slashes', '//x'],
  ['a slash after ./', './/x'],
  ['a drive', 'C:/x'],
  ['a drive with a backslash', 'C:\\x'],
  ['a network share', '\\\\server\\share'],
  ['an empty name', ''],
  ['a dot', '.'],
  ['a dot inside the path', 'a/./b'],
  ['an empty part', 'a//b'],
  ['a trailing space', 'index.js '],
  ['a trailing dot', 'index.js.'],
  ['a NUL', 'index.js\0.png'],
  ['a newline', 'a\nb'],
  ['an escape sequence', 'a\u001b[2Jb'],
  ['DEL', 'a\u007f'],
  ['a C1 control', 'a\u0085b'],
  ['a right-to-left override', 'a\u202esj.exe'],
  ['a bidirectional isolate', 'a\u2066b'],
  ['a line separator', 'a\u2028b'],
  ['invalid UTF-8 that is marked as UTF-8', Buffer.from([0x61, 0xff, 0x62])],
  ['a replacement character', 'a\ufffdb'],
];

const badNames: HostileZip[] = [
  ...unsafeNames.map(([title, name]) =>
    hostile('unsafe_path', `a name with ${title}`, [
      { ...index, name, flags: typeof name === 'string' ? 0 : 0x800 },
    ]),
  ),
  hostile('unsafe_path', 'a parent in code page 437', [
    { ...index, name: Buffer.from('\x81/../../x', 'latin1') },
  ]),
  hostile('path_too_long', 'a part of 256 bytes', [{ ...index, name: 'a'.repeat(256) }]),
  hostile('path_too_long', 'a path of 1,025 bytes', [
    { ...index, name: `${'a'.repeat(204)}/`.repeat(5) + 'b' },
  ]),
  hostile('path_too_long', 'a path of 33 parts', [{ ...index, name: 'a/'.repeat(32) + 'b' }]),
  hostile('duplicate_entry', 'the same name twice', [index, index]),
  hostile('duplicate_entry', 'the same name with and without ./', [index, { ...index, name: './index.js' }]),
  hostile('duplicate_entry', 'the same name with both slashes', [
    { ...index, name: 'a/b' },
    { ...index, name: 'a\\b' },
  ]),
  hostile('duplicate_entry', 'the same directory twice', [{ name: 'a/' }, { name: 'a/' }]),
  hostile('case_collision', 'names that differ in case', [index, { ...index, name: 'Index.js' }]),
  hostile('case_collision', 'directories that differ in case', [
    { ...index, name: 'a/b' },
    { ...index, name: 'A/c' },
  ]),
  hostile('case_collision', 'composed and decomposed accents', [
    { ...index, name: '\u00e9' },
    { ...index, name: 'e\u0301' },
  ]),
  hostile('path_conflict', 'a file and a file inside it', [
    { ...index, name: 'a' },
    { ...index, name: 'a/b' },
  ]),
  hostile('path_conflict', 'a file in place of a directory', [
    { ...index, name: 'a/b' },
    { ...index, name: 'a' },
  ]),
  hostile('path_conflict', 'a file and a directory of one name', [{ ...index, name: 'a' }, { name: 'a/' }]),
];

const cp437 = (name: string): Buffer => Buffer.from(name, 'latin1');
const utf8Flag = 0x800;

const badEncodings: HostileZip[] = [
  hostile('unsafe_path', 'a control character in code page 437', [{ ...index, name: cp437('\x81\x1b[2J') }]),
  hostile('unsafe_path', 'a parent behind a backslash in code page 437', [
    { ...index, name: cp437('\x81\\..\\..\\x') },
  ]),
  hostile('duplicate_entry', 'one name in UTF-8 and in code page 437', [
    { ...index, name: 'ü.js' },
    { ...index, name: cp437('\x81.js') },
  ]),
  hostile('case_collision', 'names in code page 437 that differ in case', [
    { ...index, name: cp437('\x81.js') },
    { ...index, name: cp437('\x9a.js') },
  ]),
  hostile('unsafe_path', 'a second name that climbs out', [
    { ...index, extra: unicodePath('index.js', '../index.js') },
  ]),
  hostile('unsafe_path', 'a second name that is not UTF-8', [
    { ...index, extra: unicodePath('index.js', Buffer.from([0xff])) },
  ]),
  hostile('header_mismatch', 'a second name of an entry that is marked as UTF-8', [
    { ...index, flags: utf8Flag, extra: unicodePath('index.js', 'other.js') },
  ]),
  hostile('header_mismatch', 'a second name that was left behind when the entry was renamed', [
    { ...index, extra: unicodePath('before.js', 'other.js') },
  ]),
  hostile('header_mismatch', 'an empty second name', [{ ...index, extra: unicodePath('index.js', '') }]),
  hostile('header_mismatch', 'two second names', [
    {
      ...index,
      extra: unicodePath('index.js', 'a.js'),
      central: { extra: unicodePath('index.js', 'b.js') },
    },
  ]),
  hostile('header_mismatch', 'a second name in the local header only', [
    { ...index, local: { extra: unicodePath('index.js', 'a.js') } },
  ]),
  hostile('duplicate_entry', 'a second name that is the first of another entry', [
    index,
    { ...index, name: 'a.js', extra: unicodePath('a.js', 'index.js') },
  ]),
];

const shop: CraftedEntry = { ...index, name: 'shop/index.js' };

/** What is not unpacked, or becomes the root, is judged like everything else. */
const badRoots: HostileZip[] = [
  hostile('unsafe_link', 'a link out of the folder that is the root', [
    shop,
    link('shop/l', '../shop/index.js'),
  ]),
  hostile('unsafe_link', 'a link to above the folder that is the root', [shop, link('shop/l', '..')]),
  hostile('unsafe_link', 'a link through a linked folder out of the one that is the root', [
    { ...shop, name: 'shop/a/b' },
    shop,
    link('shop/a/one', '..'),
    link('shop/two', 'a/one/..'),
  ]),
  hostile('unsafe_path', 'a parent below the folder of macOS', [
    index,
    { ...index, name: '__MACOSX/../../x' },
  ]),
  hostile('duplicate_entry', 'the same file of a desktop twice', [
    index,
    { ...index, name: '.DS_Store' },
    { ...index, name: '.DS_Store' },
  ]),
  hostile('unsafe_link', 'a file through a link named as the folder of macOS', [
    index,
    link('__MACOSX', '.'),
    { ...index, name: '__MACOSX/x' },
  ]),
  hostile('empty_archive', "nothing but a desktop's files", [
    { ...index, name: '__MACOSX/._index.js' },
    { ...index, name: 'Thumbs.db' },
  ]),
];

const badKinds: HostileZip[] = [
  hostile('unsafe_link', 'an absolute link', [link('l', '/etc/passwd')]),
  hostile('unsafe_link', 'a link that climbs out', [link('l', '../x')]),
  hostile('unsafe_link', 'a link that climbs out from below', [link('a/l', '../../x')]),
  hostile('unsafe_link', 'a link that climbs out and in again', [index, link('l', '../code/index.js')]),
  hostile('unsafe_link', 'a handler that is a link to outside', [link('index.js', '../../etc/passwd')]),
  hostile('unsafe_link', 'a chain of links that climbs out', [link('a/one', '..'), link('two', 'a/one/..')]),
  hostile('unsafe_link', 'a link that climbs out of a missing directory', [link('l', 'missing/../../x')]),
  hostile('unsafe_link', 'a link to itself', [link('l', 'l')]),
  hostile('unsafe_link', 'two links in a loop', [link('a', 'b'), link('b', 'a')]),
  hostile('unsafe_link', 'a link through a file', [index, link('l', 'index.js/x')]),
  hostile('unsafe_link', 'a link to a name in another case', [index, link('l', 'INDEX.js')]),
  hostile('unsafe_link', 'a file written through a link', [link('l', '.'), { ...index, name: 'l/x' }]),
  hostile('unsafe_link', 'a link in place of a directory', [{ ...index, name: 'l/x' }, link('l', '.')]),
  hostile('unsafe_link', 'a file in place of a link', [link('l', 'index.js'), { ...index, name: 'l' }]),
  hostile('unsafe_link', 'a link with the name of a directory', [link('l/', '')]),
  hostile('unsafe_link', 'a link to nothing', [link('l', '')]),
  hostile('unsafe_link', 'a link longer than any path', [link('l', 'a'.repeat(5000))]),
  hostile('unsafe_link', 'a link with a backslash', [link('l', '..\\x')]),
  hostile('unsafe_link', 'a link with a drive', [link('l', 'C:x')]),
  hostile('unsafe_link', 'a link with a NUL', [index, link('l', 'index.js\0')]),
  hostile('unsafe_link', 'a link that is not UTF-8', [link('l', Buffer.from([0xff]))]),
  hostile('unsafe_link', 'an absolute link packed on DOS', [{ ...link('l', '/etc/passwd'), host: 0 }]),
  hostile('special_file', 'a character device', [{ ...index, mode: 0o020666 }]),
  hostile('special_file', 'a block device', [{ ...index, mode: 0o060666 }]),
  hostile('special_file', 'a pipe', [{ ...index, mode: 0o010666 }]),
  hostile('special_file', 'a socket', [{ ...index, mode: 0o140666 }]),
  hostile('header_mismatch', 'a directory without a slash', [{ ...index, mode: 0o040755 }]),
  hostile('header_mismatch', 'a directory with content', [{ ...index, name: 'a/' }]),
];

/** Entries that must not be written: wrong names, kinds and links. */
export const hostileEntries: readonly HostileZip[] = [...badNames, ...badEncodings, ...badRoots, ...badKinds];
