import { craftZip, zipOf, type CraftedEntry } from '../../../test/support/zip.js';
import { defaultLimits } from '../../../test/support/archives/unpacking.js';
import { hostileZips } from '../../../test/support/archives/hostile-zips.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { validateArchive } from './archive-validator.js';

function refusalOf(action: () => unknown): DomainError {
  try {
    action();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('the archive validator', () => {
  it('plans what unpacking may do', () => {
    const archive = craftZip([
      { name: './lib\\run.sh', content: '#!/bin/sh\n', method: 'stored', mode: 0o104755 },
      { name: 'empty/' },
    ]);

    const { entries, tree, unpackedBytes } = validateArchive(archive, defaultLimits, 'index.handler');

    expect(entries).toMatchObject([
      {
        segments: ['lib', 'run.sh'],
        kind: 'file',
        executable: true,
        method: 'stored',
        unpackedBytes: 10,
        headerOffset: 0,
      },
      { segments: ['empty'], kind: 'directory', method: 'deflated', unpackedBytes: 0 },
    ]);
    expect(entries[0]?.compressed).toEqual({ start: 42, end: 52 });
    expect(tree.directories()).toEqual(['lib', 'empty']);
    expect(unpackedBytes).toBe(10);
  });

  describe('takes as the root', () => {
    const approved = (paths: readonly string[], handler = 'index.handler') =>
      validateArchive(craftZip(paths.map((name): CraftedEntry => ({ name }))), defaultLimits, handler);

    it.each([
      ['the only folder', ['shop/index.js', 'shop/lib/a.js'], ['index.js', 'lib/a.js']],
      ['the only folder, listed itself', ['shop/', 'shop/index.js'], ['index.js']],
      ['the only folder with an ES module', ['shop/index.mjs'], ['index.mjs']],
      [
        'the only folder with TypeScript',
        ['shop/index.ts', 'shop/tsconfig.json'],
        ['index.ts', 'tsconfig.json'],
      ],
      ['a folder in the only folder', ['a/', 'a/b/', 'a/b/index.js', 'a/b/c/d.js'], ['index.js', 'c/d.js']],
      [
        'the only folder beside what desktops add',
        ['shop/index.js', 'shop/.DS_Store', '__MACOSX/shop/._index.js', '.DS_Store', 'Thumbs.db'],
        ['index.js'],
      ],
      ['a folder named twice', ['shop/shop/index.js'], ['index.js']],
    ])('%s', (_, paths, unpacked) => {
      const { entries, tree, notes } = approved(paths);
      expect(entries.map(({ segments }) => segments.join('/'))).toEqual(unpacked);
      expect(tree.directories()).not.toContain('shop');
      expect(notes).toEqual([
        expect.stringMatching(/^The folder "\S+" of the archive was taken as its root\.$/),
      ]);
    });

    it.each([
      ['the file of the handler is there', ['index.js', 'lib/index.js']],
      ['a file is beside the folder', ['shop/index.js', 'README.md']],
      ['packages are beside the folder', ['shop/index.js', 'node_modules/a/index.js']],
      ['there are two folders', ['a/index.js', 'b/index.js']],
      ['the folder has no such file', ['shop/app.js']],
      ['the file has another case', ['shop/Index.js']],
      ['a folder has the name of the file', ['shop/index.js/a.js']],
      ['the only folder holds packages', ['node_modules/index.js']],
    ])('its own, where %s', (_, paths) => {
      const { entries, notes } = approved(paths);
      expect(entries.map(({ segments }) => segments.join('/'))).toEqual(paths);
      expect(notes).toEqual([]);
    });

    it.each([
      ['shop/index.js', 'shop/index.handler'],
      ['dist/src/app.js', 'dist/src/app.main'],
    ])('its own, where the handler names a file by the only folder: %s', (path, handler) => {
      expect(approved([path], handler).entries[0]?.segments.join('/')).toBe(path);
    });

    it('the folder in which the file of the handler is, whatever that is called', () => {
      expect(approved(['shop/src/app.js'], 'src/app.main').tree.directories()).toEqual(['src']);
      expect(approved(['shop/shop/index.js'], 'shop/index.handler').tree.directories()).toEqual(['shop']);
    });
  });

  it('leaves out what desktops add, at every depth', () => {
    const clutter = ['__MACOSX/._index.js', 'lib/__MACOSX/', 'lib/.DS_Store', 'a/b/desktop.ini', 'Thumbs.db'];
    const archive = craftZip(['index.js', 'a/b/c.js', ...clutter].map((name) => ({ name })));
    const { entries, tree, notes } = validateArchive(archive, defaultLimits, 'index.handler');
    expect(entries.map(({ segments }) => segments.join('/'))).toEqual(['index.js', 'a/b/c.js']);
    expect(tree.directories()).toEqual(['a', 'a/b']);
    expect(notes).toEqual([]);
  });

  it('says which names it had to read as code page 437', () => {
    const names = ['\x81', '\x84', '\x94', '\xe1'].map((name) => ({ name: Buffer.from(name, 'latin1') }));
    const { entries, notes } = validateArchive(craftZip(names), defaultLimits, 'index.handler');
    expect(entries.map(({ segments }) => segments)).toEqual([['ü'], ['ä'], ['ö'], ['ß']]);
    expect(notes).toEqual([
      'Names that are not UTF-8 were read as code page 437, as the zip format says: "ü", "ä", "ö" and 1 more. ' +
        'If they look wrong, pack again with UTF-8 names, in 7-Zip with the parameter cu=on.',
    ]);
  });

  it('names a file that is marked as UTF-8 and is not, and what to do', () => {
    const archive = craftZip([{ name: Buffer.from('gr\x81n.js', 'latin1'), flags: 0x800 }]);
    expect(refusalOf(() => validateArchive(archive, defaultLimits, 'index.handler')).message).toBe(
      'The name "grün.js" is marked as UTF-8 but is not: pack it again with UTF-8 names.',
    );
  });

  it('refuses an archive that is itself too large', () => {
    const refusal = refusalOf(() =>
      validateArchive(zipOf({ 'index.js': 'x' }), { ...defaultLimits, maxArchiveBytes: 10 }, 'index.handler'),
    );
    expect(refusal).toMatchObject({ code: 'ARCHIVE_TOO_LARGE', details: { reason: 'archive_too_large' } });
  });

  it('quotes a name so that no terminal obeys it and no reader is misled', () => {
    const refusal = refusalOf(() =>
      validateArchive(zipOf({ [`\u001b[2J\u202e${'x'.repeat(500)}`]: '' }), defaultLimits, 'index.handler'),
    );
    expect(refusal.message).toContain('"\\u001b[2J\\u{202e}xxx');
    expect(refusal.message).toMatch(/^[\x20-\x7e…]*$/);
    expect(refusal.message.length).toBeLessThan(350);
  });

  it('reads every header before it inflates: its time does not grow with what an archive unpacks to', () => {
    const bomb = hostileZips.find(({ reason }) => reason === 'ratio_too_high');
    const archive = bomb?.archive() ?? Buffer.alloc(0);
    expect(
      refusalOf(() => validateArchive(archive, { ...defaultLimits, maxEntries: 1 }, 'index.handler')).details
        .reason,
    ).toBe('too_many_entries');
  });
});
