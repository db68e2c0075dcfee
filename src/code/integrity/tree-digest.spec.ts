import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOrNull, treeDigest } from './tree-digest.js';

let place: string;
let root: string;
const at = (path: string) => join(root, path);

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'glambdar-digest-'));
  root = join(place, 'tree');
  mkdirSync(at('lib/empty'), { recursive: true });
  writeFileSync(at('index.js'), 'exports.handler = () => 1;');
  writeFileSync(at('lib/run.sh'), '', { mode: 0o755 });
  writeFileSync(at('lib/large'), Buffer.alloc(700_000, 'x'));
  symlinkSync('../index.js', at('lib/link'));
});

afterEach(() => {
  rmSync(place, { recursive: true });
});

describe('the digest of a tree', () => {
  it('is that of the same tree elsewhere, whatever its times, other modes and the order it was made in', () => {
    const copy = join(place, 'copy');
    cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
    utimesSync(join(copy, 'index.js'), 1, 1);
    chmodSync(join(copy, 'index.js'), 0o600);
    chmodSync(copy, 0o700);
    unlinkSync(join(copy, 'lib/run.sh'));
    writeFileSync(join(copy, 'lib/run.sh'), '', { mode: 0o700 });
    expect(treeDigest(copy)).toBe(treeDigest(root));
  });

  it('stays the same from one release to the next, for it is kept with what was published', () => {
    expect(treeDigest(root)).toMatchInlineSnapshot(
      `"212391ccd9d17464bde1aa939a7e34f2a8192147e4ba385ff49ba1b11e605602"`,
    );
  });

  it.each<[string, () => void]>([
    [
      'a byte of a file',
      () => {
        writeFileSync(at('index.js'), 'exports.handler = () => 2;');
      },
    ],
    [
      'the last byte of a large file',
      () => {
        writeFileSync(at('lib/large'), `${'x'.repeat(699_999)}y`);
      },
    ],
    [
      'an execute bit',
      () => {
        chmodSync(at('lib/run.sh'), 0o644);
      },
    ],
    [
      'where a link leads',
      () => {
        unlinkSync(at('lib/link'));
        symlinkSync('../lib', at('lib/link'));
      },
    ],
    [
      'a link that becomes a file of the same text',
      () => {
        unlinkSync(at('lib/link'));
        writeFileSync(at('lib/link'), '../index.js');
      },
    ],
    [
      'a new file',
      () => {
        writeFileSync(at('lib/empty/new'), '');
      },
    ],
    [
      'a new directory',
      () => {
        mkdirSync(at('lib/more'));
      },
    ],
    [
      'a file that is gone',
      () => {
        unlinkSync(at('lib/run.sh'));
      },
    ],
    [
      'an empty directory that is gone',
      () => {
        rmSync(at('lib/empty'), { recursive: true });
      },
    ],
    [
      'a file in place of a directory',
      () => {
        rmSync(at('lib/empty'), { recursive: true });
        writeFileSync(at('lib/empty'), '');
      },
    ],
  ])('changes with %s', (_, change) => {
    const before = treeDigest(root);
    change();
    expect(treeDigest(root)).not.toBe(before);
  });

  it('is null where there is no tree', () => {
    expect(digestOrNull(join(place, 'nowhere'))).toBeNull();
    expect(digestOrNull(at('index.js'))).toBeNull();
  });
});
