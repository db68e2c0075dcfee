import {
  atMost,
  type CodeFile,
  hasEntry,
  nameError,
  nameFrom,
  refusalOf,
  rooted,
  withoutIgnored,
  withoutInstalled,
} from './code-files.js';

const fileAt = (path: string): CodeFile => ({ path, size: 1, read: () => Promise.resolve(new Uint8Array()) });
const utf8 = (text: string) => new TextEncoder().encode(text);
const pathsOf = (files: readonly CodeFile[]) => files.map(({ path }) => path);

describe('a folder that was dropped', () => {
  it.each([
    [
      ['app/index.js', 'app/lib/a.js'],
      ['index.js', 'lib/a.js'],
    ],
    [['a/b/index.js'], ['index.js']],
    [
      ['a/b/x.js', 'a/c/y.js'],
      ['b/x.js', 'c/y.js'],
    ],
    [['index.js'], ['index.js']],
    [
      ['lib-a/x.js', 'lib-b/y.js'],
      ['lib-a/x.js', 'lib-b/y.js'],
    ],
  ])('with %j has the code %j', (paths, expected) => {
    expect(pathsOf(rooted(paths.map(fileAt)))).toEqual(expected);
  });

  it('may leave installed packages at home, and those only at its root', () => {
    const files = ['index.js', 'node_modules/a/index.js', 'lib/node_modules/b.js'].map(fileAt);
    expect(pathsOf(withoutInstalled(files))).toEqual(['index.js', 'lib/node_modules/b.js']);
  });

  it('leaves at home what the command line leaves at home, and what its .glambdarignore names', async () => {
    const named = {
      ...fileAt('.glambdarignore'),
      read: () => Promise.resolve(utf8('*.log\ndrafts/\n!.env.example')),
    };
    const files = [
      ...['index.js', '.env', '.env.example', '.gitignore', 'glambdar.json', 'lib/a.log', 'drafts/a.js'],
      ...['node_modules/a/.npmrc', 'node_modules/a/a.log'],
    ].map(fileAt);
    expect(pathsOf(await withoutIgnored([named, ...files]))).toEqual([
      ...['index.js', '.env.example'],
      ...['node_modules/a/.npmrc', 'node_modules/a/a.log'],
    ]);
    expect(pathsOf(await withoutIgnored(['lib/a.log', '.env'].map(fileAt)))).toEqual(['lib/a.log']);
  });

  it('has an entry file, or not', () => {
    expect(hasEntry([{ path: 'index.mts' }])).toBe(true);
    expect(hasEntry([{ path: 'src/index.js' }, { path: 'main.js' }])).toBe(false);
  });

  it('is refused where it is empty or too much for a page, with what to do', () => {
    expect(refusalOf([{ size: 0 }])).toBeUndefined();
    expect(refusalOf([])).toContain('Choose the folder');
    expect(refusalOf([{ size: atMost.bytes + 1 }])).toContain('command line');
    expect(refusalOf(new Array(atMost.files + 1).fill({ size: 0 }))).toContain('command line');
  });
});

describe('the name of a function', () => {
  it.each([
    ['hello.zip', 'hello'],
    ['My Function', 'My-Function'],
    ['größe', 'gro-e'],
    ['café.mjs', 'cafe'],
    ['__private', 'private'],
    ['a.b.zip', 'a-b'],
    ['日本', ''],
    ['x'.repeat(80), 'x'.repeat(64)],
  ])('comes from that of the file %s as %s', (fileName, name) => {
    expect(nameFrom(fileName)).toBe(name);
  });

  it('is checked before anything is sent', () => {
    expect(nameError('hello_2')).toBeUndefined();
    for (const name of ['', '-a', 'a b', 'a/b', 'x'.repeat(65)]) expect(nameError(name)).toContain('1 to 64');
  });
});
