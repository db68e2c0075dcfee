import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultDirectory } from './default-directory.js';
import { openInstallation, type OpenInstallation } from './open-installation.js';

let parent: string;
const opened: OpenInstallation[] = [];

beforeEach(() => {
  parent = mkdtempSync(join(realpathSync(tmpdir()), 'glambdar-'));
});

afterEach(() => {
  for (const { lock } of opened.splice(0)) lock.release();
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
    const { directory, functions, staging, run } = installation;
    for (const made of [directory, functions, staging, run]) expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  it('closes to others a directory that was open to them', () => {
    chmodSync(parent, 0o755);
    open(parent);
    expect(statSync(parent).mode & 0o777).toBe(0o700);
  });

  it('keeps its id over restarts', () => {
    const first = open(parent);
    expect(first.installation.id).toMatch(/^[0-9a-f]{8}$/);
    first.lock.release();
    expect(open(parent).installation.id).toBe(first.installation.id);
  });

  it('refuses a damaged id, because containers of the old one would never be found again', () => {
    writeFileSync(join(parent, 'installation-id'), '');
    expect(() => open(parent)).toThrow('is damaged');
    // The refusal let go of the lock.
    writeFileSync(join(parent, 'installation-id'), '0123abcd\n');
    expect(open(parent).installation.id).toBe('0123abcd');
  });

  it('resolves symbolic links, because mounts need the real path', () => {
    const link = join(parent, 'link');
    symlinkSync(join(parent), link);
    expect(open(link).installation.directory).toBe(parent);
  });

  it('refuses a path that leaves no room for the sockets below it, and says by how much', () => {
    const fits = join(
      parent,
      'x'.repeat(103 - Buffer.byteLength(join(parent, '_/run/123456789012/socket')) + 1),
    );
    open(fits);
    expect(() => open(`${fits}xx`)).toThrow('is 2 bytes too long');
  });

  it('refuses what is no directory, in a sentence that names the setting', () => {
    const file = join(parent, 'file');
    writeFileSync(file, '');
    expect(() => open(file)).toThrow('GLAMBDAR_DIR');
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

  it('lies below the home of any other user', () => {
    expect(defaultDirectory({ isRoot: false, home: '/home/ann', dataHome: undefined })).toBe(
      '/home/ann/.local/share/glambdar',
    );
  });
});
