import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { quotedList } from '../safe-text.js';
import { InstallationError } from './installation.js';
import { contentOf, type Ownership, whoseDirectory } from './whose-directory.js';

/** Why the server keeps its files elsewhere; each says what was found and what to do. Nothing has been changed by then. */
export const refused = {
  foreign: (directory: string, names: readonly string[]) =>
    new InstallationError(
      `${directory} contains files that are not Glambdar's: ${quotedList(names)}. Nothing was changed. ` +
        'Set GLAMBDAR_DIR to an empty or a new directory. If this is a restored backup, it must ' +
        "contain glambdar.sqlite and nothing that is not Glambdar's.",
    ),
  damaged: (directory: string) =>
    new InstallationError(
      `The file installation-id in ${directory} is damaged. Restore it from a backup; if there is none, delete it ` +
        "after removing this server's containers.",
    ),
  noDirectory: (directory: string) =>
    new InstallationError(
      `${directory} is not a directory. Set GLAMBDAR_DIR to an empty or a new directory.`,
    ),
  otherUsers: (directory: string, uid: number) =>
    new InstallationError(
      `${directory} belongs to another user (uid ${uid}). Start this as that user, choose another directory with GLAMBDAR_DIR, or give this one away with chown.`,
    ),
  everybodys: (directory: string) =>
    new InstallationError(
      `${directory} belongs to the whole system. Set GLAMBDAR_DIR to a directory below it.`,
    ),
  unusable: (directory: string, cause: unknown) =>
    new InstallationError(
      `The directory ${directory} cannot be created, read or written by this user. Choose another one with GLAMBDAR_DIR, or give it to the user that runs the server.`,
      { cause },
    ),
  tooLong: (directory: string, excessBytes: number) =>
    new InstallationError(
      `The path ${directory} is ${excessBytes} bytes too long for the sockets below it. Choose a shorter one with GLAMBDAR_DIR.`,
    ),
  networkFileSystem: (directory: string, type: string) =>
    new InstallationError(
      `${directory} is on a network file system (${type}), which can corrupt the database. Choose a local directory with GLAMBDAR_DIR.`,
    ),
} as const;

/** Throws unless the server may make the directory its own. */
export function refuseForeign(directory: string, whose: Ownership): void {
  if (whose.kind === 'foreign') throw refused.foreign(directory, whose.names);
  if (whose.kind === 'damaged') throw refused.damaged(directory);
}

const networkTypes = /^(nfs\d?|cifs|smb\d?|smbfs|afs|ceph|fuse\.(sshfs|s3fs|rclone|glusterfs))$/;

interface Mount {
  readonly point: string;
  readonly type: string;
}

/**
 * The type of the network file system that `directory` is on, or undefined: there, locks and write-ahead logs of a
 * database cannot be trusted, and sockets do not work. `mountInfo` is the text of `/proc/self/mountinfo` (proc(5)).
 */
export function networkFileSystemOf(directory: string, mountInfo: string): string | undefined {
  let holder: Mount | undefined;
  for (const line of mountInfo.split('\n')) {
    const mount = mountOf(line);
    if (!mount || !holds(mount.point, directory)) continue;
    // Of two mounts on one point the later covers the earlier.
    if (!holder || mount.point.length >= holder.point.length) holder = mount;
  }
  return holder && networkTypes.test(holder.type) ? holder.type : undefined;
}

/** Fields are separated by spaces; a lone dash ends the optional ones, and the type follows it. */
function mountOf(line: string): Mount | undefined {
  const fields = line.split(' ');
  const point = fields[4];
  const type = fields[fields.indexOf('-', 6) + 1];
  if (point === undefined || type === undefined) return undefined;
  return {
    point: point.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    type,
  };
}

function holds(mountPoint: string, directory: string): boolean {
  return mountPoint === '/' || directory === mountPoint || directory.startsWith(`${mountPoint}/`);
}

/** Linux cuts the path of a socket silently after 107 bytes, macOS after 103: what works on one must on the other. */
const longestSocketPathBytes = 103;
const containerDirectoryBytes = 12;

/** Closed to others, as the server's directory is, these would be missed by the whole system; some may be empty. */
const everybodys = new Set([
  ...[
    '/',
    '/bin',
    '/boot',
    '/dev',
    '/dev/shm',
    '/etc',
    '/home',
    '/lib',
    '/lib64',
    '/media',
    '/mnt',
    '/opt',
    '/proc',
  ],
  ...[
    '/root',
    '/run',
    '/sbin',
    '/srv',
    '/sys',
    '/tmp',
    '/usr',
    '/usr/local',
    '/var',
    '/var/cache',
    '/var/lib',
  ],
  ...['/var/log', '/var/opt', '/var/tmp', '/private', '/private/tmp', '/private/var', '/Users'],
]);

export interface FoundDirectory {
  /** Absolute, with no symbolic link in it. */
  readonly path: string;
  readonly whose: Ownership | { readonly kind: 'absent' };
}

/**
 * Looks at the directory that is wanted and changes nothing. Throws an `InstallationError` where it could not serve
 * whatever is in it.
 */
export function findDirectory(wanted: string): FoundDirectory {
  const path = realPathOf(resolve(wanted));
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw refused.noDirectory(path);
  refuseLongPath(path);
  refuseNetworkFileSystem(path);
  if (!found) return { path, whose: { kind: 'absent' } };
  if (process.geteuid !== undefined && found.uid !== process.geteuid())
    throw refused.otherUsers(path, found.uid);
  const whose = whoseDirectory(readable(path));
  // Who has one there already has a disk of its own there.
  if (whose.kind !== 'installation' && everybodys.has(path)) throw refused.everybodys(path);
  return { path, whose };
}

/** Of what is not there yet, as far as it is. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') throw refused.noDirectory(dirname(path));
    if (code !== 'ENOENT') throw refused.unusable(path, error);
    return join(realPathOf(dirname(path)), basename(path));
  }
}

function readable(path: string) {
  try {
    return contentOf(path);
  } catch (error) {
    throw refused.unusable(path, error);
  }
}

function refuseLongPath(directory: string): void {
  const socket = join(directory, 'run', 'x'.repeat(containerDirectoryBytes), 'socket');
  const excessBytes = Buffer.byteLength(socket) - longestSocketPathBytes;
  if (excessBytes > 0) throw refused.tooLong(directory, excessBytes);
}

function refuseNetworkFileSystem(directory: string): void {
  const type = networkFileSystemOf(directory, mountInfo());
  if (type !== undefined) throw refused.networkFileSystem(directory, type);
}

function mountInfo(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    // Only Linux has this file; elsewhere nothing is known and nothing refused.
    return '';
  }
}
