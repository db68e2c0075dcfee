import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { defaultDirectory } from './installation.settings.js';
import { existingInstallation, openInstallation, type OpenInstallation } from './open-installation.js';

let parent: string;
const opened: OpenInstallation[] = [];
const holders: ChildProcess[] = [];

beforeEach(() => {
  parent = mkdtempSync(join(realpathSync(tmpdir()), 'glambdar-'));
});

afterEach(() => {
  for (const { lock } of opened.splice(0)) lock.release();
  for (const holder of holders.splice(0)) holder.kill('SIGKILL');
  rmSync(parent, { recursive: true });
});

function open(directory: string) {
  const result = openInstallation(directory);
  opened.push(result);
  return result;
}

describe('openInstallation', () => {
  it('makes the directory and its parts for nobody else to read', () => {
    const { installation } = open(join(parent, 'new', 'state'));
    const { directory, functions, node } = installation;
    const { staging, run } = node;
    for (const made of [directory, functions, staging, run]) expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  it('closes to others a directory that was open to them', () => {
    chmodSync(parent, 0o755);
    open(parent);
    expect(statSync(parent).mode & 0o777).toBe(0o700);
  });

  it('keeps its id over restarts', () => {
    const first = open(parent);
    expect(first.installation.node.id).toMatch(/^[0-9a-f]{8}$/);
    first.lock.release();
    expect(open(parent).installation.node.id).toBe(first.installation.node.id);
  });

  it('refuses a damaged id, because containers of the old one would never be found again', () => {
    open(parent).lock.release();
    writeFileSync(join(parent, 'installation-id'), '0123');
    expect(() => open(parent)).toThrow('is damaged');
    // The refusal let go of the lock.
    writeFileSync(join(parent, 'installation-id'), '0123abcd\n');
    expect(open(parent).installation.node.id).toBe('0123abcd');
  });

  it('resolves symbolic links, because mounts need the real path', () => {
    const link = join(parent, 'link');
    symlinkSync(join(parent, 'state'), link);
    mkdirSync(join(parent, 'state'));
    expect(open(link).installation.directory).toBe(join(parent, 'state'));
  });

  it('refuses a path that leaves no room for the sockets below it, and says by how much', () => {
    const fits = join(
      parent,
      'x'.repeat(103 - Buffer.byteLength(join(parent, '_/run/123456789012/socket')) + 1),
    );
    open(fits);
    expect(() => open(`${fits}xx`)).toThrow('is 2 bytes too long');
  });

  it.each(['file', 'file/below'])('refuses %s, in a sentence that names the setting', (path) => {
    writeFileSync(join(parent, 'file'), 'mine');
    expect(() => open(join(parent, path))).toThrow(/file is not a directory.*GLAMBDAR_DIR/);
    expect(readFileSync(join(parent, 'file'), 'utf8')).toBe('mine');
  });

  it('refuses a link that leads nowhere', () => {
    symlinkSync(join(parent, 'new'), join(parent, 'link'));
    expect(() => open(join(parent, 'link'))).toThrow(/cannot be created.*GLAMBDAR_DIR/);
    expect(readdirSync(parent)).toEqual(['link']);
  });

  it('refuses a place where no directory can be made', () => {
    expect(() => open('/proc/glambdar/state')).toThrow(/cannot be created.*GLAMBDAR_DIR/);
  });

  it('makes what is missing on the way to it, closed to others', () => {
    open(join(parent, 'a', 'b'));
    expect(statSync(join(parent, 'a')).mode & 0o777).toBe(0o700);
  });

  it.each(['/', '/tmp', '/home', '/dev/shm', '/var/lib/../tmp'])('leaves %s to the whole system', (path) => {
    const before = statSync(path).mode;
    expect(() => open(path)).toThrow(/GLAMBDAR_DIR/);
    expect(statSync(path).mode).toBe(before);
  });

  it("refuses another user's directory, also to root, because that user could not open its files then", () => {
    const others = otherUsersDirectory();
    const before = stateOf(others);
    expect(() => open(others)).toThrow(/belongs to another user \(uid \d+\).*GLAMBDAR_DIR/);
    expect(stateOf(others)).toEqual(before);
  });
});

/** Only root can give a directory away; what others find is root's. */
function otherUsersDirectory(): string {
  if (process.getuid?.() !== 0) return '/usr/local/bin';
  const others = join(parent, 'others');
  mkdirSync(others);
  chownSync(others, 65_534, 65_534);
  return others;
}

/** Everything about a directory that a start could change. */
function stateOf(directory: string) {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .concat('.')
    .sort()
    .map((path) => {
      const { mode, mtimeMs, size } = lstatSync(join(directory, path));
      return { path, mode, mtimeMs, size };
    });
}

describe('a directory that is not empty', () => {
  const put = (path: string, content: string | undefined) => {
    const target = join(parent, path);
    mkdirSync(dirname(target), { recursive: true });
    if (content === undefined) mkdirSync(target, { recursive: true });
    else writeFileSync(target, content);
  };

  const database = (applicationId: number) => {
    const file = join(parent, 'made.sqlite');
    const made = new DatabaseSync(file);
    made.exec(`PRAGMA application_id = ${applicationId}; CREATE TABLE t (x)`);
    made.close();
    const bytes = readFileSync(file);
    rmSync(file);
    return bytes.toString('latin1');
  };
  const ours = 0x474c4d42;

  it.each<[string, Record<string, string | undefined>, string]>([
    ['folders named as ours are', { 'staging/mysite': undefined, 'run/keep': undefined }, '"staging"'],
    ['a file', { 'notes.txt': 'mine' }, '"notes.txt"'],
    ['a hidden file', { '.profile': 'mine' }, '".profile"'],
    ['an empty folder', { functions: undefined }, '"functions"'],
    ["a key and no database of a server's", { 'secrets.key': 'a'.repeat(64) }, '"secrets.key"'],
    ['a file in place of the lock', { 'server.lock': 'mine' }, '"server.lock"'],
    ['a folder in place of the lock', { 'server.lock': undefined }, '"server.lock"'],
    ["another program's id beside its files", { 'installation-id': 'db-7', data: 'mine' }, '"data"'],
    ['a database of our name that is none', { 'glambdar.sqlite': 'mine' }, '"glambdar.sqlite"'],
    [
      'what is beside a lock that a start has left',
      { 'server.lock': '', 'index.html': 'mine' },
      '"index.html"',
    ],
    ['a name that would fool a terminal', { 'a\u001b[2J\u202e': 'mine' }, '"a\\u001b[2J\\u{202e}"'],
  ])('is refused and left as it is when that is %s', (_, content, found) => {
    for (const [path, text] of Object.entries(content)) put(path, text);
    chmodSync(parent, 0o755);
    const before = stateOf(parent);
    expect(() => open(parent)).toThrow(found);
    expect(() => open(parent)).toThrow(/Nothing was changed.*GLAMBDAR_DIR/);
    expect(() => existingInstallation(parent)).toThrow('is not a Glambdar installation');
    expect(stateOf(parent)).toEqual(before);
  });

  it("is refused when that is another program's database, or ours among other things", () => {
    writeFileSync(join(parent, 'glambdar.sqlite'), database(7), 'latin1');
    expect(() => open(parent)).toThrow('"glambdar.sqlite"');
    writeFileSync(join(parent, 'glambdar.sqlite'), database(ours), 'latin1');
    put('thesis.tex', 'mine');
    expect(() => open(parent)).toThrow(/not Glambdar's: "thesis.tex"\./);
  });

  it('is refused with the first of many names', () => {
    for (let file = 0; file < 1000; file += 1) put(`file-${String(file).padStart(3, '0')}`, '');
    expect(() => open(parent)).toThrow(/: "file-\d{3}"(, "file-\d{3}"){4} and 995 more\. /);
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['nothing', {}],
    ['what a new file system holds', { 'lost+found': undefined }],
    ['what a file manager leaves', { '.DS_Store': 'x' }],
    ['the lock of a start that was killed', { 'server.lock': '', 'server.lock-journal': '' }],
    ['an id that was not yet renamed', { 'server.lock': '', 'installation-id.new': '0123abcd\n' }],
    ['half of such an id', { 'server.lock': '', 'installation-id.new': '0123' }],
    ['an id without its text', { 'server.lock': '', 'installation-id': '' }],
    ['half an id', { 'server.lock': '', 'installation-id': '0123' }],
  ])('becomes ours when that is %s', (_, content) => {
    for (const [path, text] of Object.entries(content)) put(path, text);
    const { installation } = open(parent);
    expect(readFileSync(join(parent, 'installation-id'), 'utf8')).toBe(`${installation.node.id}\n`);
    expect(existsSync(join(parent, 'installation-id.new'))).toBe(false);
  });

  it.each(['glambdar.sqlite', 'access.sqlite', 'records.sqlite', 'builds.sqlite', 'events.sqlite'])(
    'is ours, and gets a new id, when that is a backup with %s',
    (file) => {
      writeFileSync(join(parent, file), database(ours), 'latin1');
      put('functions/hello', undefined);
      put('secrets.key', 'a'.repeat(64));
      put('lost+found', undefined);
      expect(existingInstallation(parent).directory).toBe(parent);
      expect(open(parent).installation.node.id).toMatch(/^[0-9a-f]{8}$/);
    },
  );

  it('is ours for its id, whatever else is there', () => {
    put('notes.txt', 'mine');
    put('installation-id', '0123abcd');
    expect(open(parent).installation.node.id).toBe('0123abcd');
    expect(existingInstallation(parent).node.id).toBe('0123abcd');
  });

  it.each(['functions', 'staging', 'run'])('is refused when its %s is a link to elsewhere', (part) => {
    put('installation-id', '0123abcd');
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    chmodSync(elsewhere, 0o755);
    symlinkSync(elsewhere, join(parent, part));
    expect(() => open(parent)).toThrow(`${part} is not a directory`);
    expect(statSync(elsewhere).mode & 0o777).toBe(0o755);
    rmSync(elsewhere, { recursive: true });
  });

  it('is not locked, made or closed to others by a look at it', () => {
    const missing = join(parent, 'missing');
    expect(() => existingInstallation(missing)).toThrow(
      /missing is not a Glambdar installation: it does not exist.*GLAMBDAR_DIR/,
    );
    chmodSync(parent, 0o755);
    expect(() => existingInstallation(parent)).toThrow(/is not a Glambdar installation: no server/);
    expect(stateOf(parent)).toMatchObject([{ path: '.', mode: 0o40755 }]);
  });
});

describe('the lock of an installation', () => {
  it('refuses a second server with a sentence that helps', () => {
    open(parent);
    expect(() => open(parent)).toThrow('Another Glambdar server runs on this directory.');
  });

  it('is free again after a release', () => {
    open(parent).lock.release();
    open(parent);
  });

  it('is held against other processes, and does not outlive a holder that is killed', async () => {
    const holder = await lockingProcess(join(parent, 'server.lock'));
    expect(() => open(parent)).toThrow('Another Glambdar server runs on this directory.');
    const exited = once(holder, 'exit');
    holder.kill('SIGKILL');
    await exited;
    expect(readFileSync(join(open(parent).installation.directory, 'installation-id'), 'utf8')).toMatch(
      /^[0-9a-f]{8}\n$/,
    );
  });
});

/** Another process that holds the lock just as a server does. */
async function lockingProcess(file: string): Promise<ChildProcess> {
  const program = `
    import { DatabaseSync } from 'node:sqlite';
    const database = new DatabaseSync(process.argv[1]);
    database.exec('BEGIN EXCLUSIVE');
    console.log('locked');
    setInterval(() => database.isOpen, 60_000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', program, '--', file], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  holders.push(holder);
  await once(holder.stdout, 'data');
  return holder;
}

describe('defaultDirectory', () => {
  it('is the system-wide one for root', () => {
    expect(defaultDirectory({ isRoot: true, home: '/root', dataHome: '/data' })).toBe('/var/lib/glambdar');
  });

  it("follows a user's XDG_DATA_HOME where it is absolute", () => {
    expect(defaultDirectory({ isRoot: false, home: '/home/ann', dataHome: '/data' })).toBe('/data/glambdar');
    expect(defaultDirectory({ isRoot: false, home: '/home/ann', dataHome: 'data' })).toBe(
      '/home/ann/.local/share/glambdar',
    );
  });

  it('is in the home of any other user', () => {
    expect(defaultDirectory({ isRoot: false, home: '/home/ann', dataHome: undefined })).toBe(
      '/home/ann/.local/share/glambdar',
    );
  });
});
