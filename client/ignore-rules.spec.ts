import { ignoreRules, isClutter } from './ignore-rules.js';

const staysAtHome = ignoreRules();

const clutter = ['.DS_Store', 'Thumbs.db', 'desktop.ini', '__MACOSX', '._index.js', '.git', '.svn'];
const ownOnly = [
  ...['.env', '.env.local', '.env.production.local', '.envrc', '.npmrc', '.netrc', '.ssh'],
  ...['.gitignore', '.github', '.idea', '.vscode', 'index.js~', '.#index.js', '#index.js#', '.index.js.swp'],
  ...['npm-debug.log', 'yarn-error.log', '.cache', '.yarn'],
];
const wanted = [
  'index.js',
  'env',
  'env.js',
  '.envelope',
  '.well-known',
  'package-lock.json',
  'git',
  'a.swf',
  '.babelrc',
];

describe('what does not belong into an archive', () => {
  it.each([...clutter, ...ownOnly])('of a folder that somebody works in: %s', (name) => {
    expect(staysAtHome(name)).toBe(true);
  });

  it.each(clutter)('of a package: %s', (name) => {
    expect(isClutter(name)).toBe(true);
  });

  it('of a package is not what its author may have put there for a purpose', () => {
    expect(ownOnly.filter(isClutter)).toEqual([]);
  });

  it.each(wanted)('is not %s', (name) => {
    expect(staysAtHome(name)).toBe(false);
  });
});
