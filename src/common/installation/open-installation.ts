import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InstallationError } from './installation-error.js';
import { InstallationLock } from './installation-lock.js';
import { Installation } from './installation.js';
import { networkFileSystemOf } from './network-file-system.js';

/** Linux cuts the path of a socket silently after 107 bytes, macOS after 103: what works on one must on the other. */
const longestSocketPathBytes = 103;
const containerDirectoryBytes = 12;

export interface OpenInstallation {
  readonly installation: Installation;
  /** Held until `release`, or until the process ends. */
  readonly lock: InstallationLock;
}

/**
 * Makes or opens the server's directory, its own and nobody else's to read, and locks it. Runs once, at boot. Throws
 * an `InstallationError` where the directory cannot serve.
 */
export function openInstallation(wanted: string): OpenInstallation {
  const directory = installationDirectory(wanted);
  const lock = InstallationLock.take(join(directory, 'server.lock'));
  try {
    const installation = new Installation(directory, persistentId(directory));
    for (const part of [installation.functions, installation.staging, installation.run])
      privateDirectory(part);
    return { installation, lock };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Makes or takes over the directory without locking it: enough for a command that works beside a running server. Throws
 * an `InstallationError` where the directory cannot serve.
 */
export function installationDirectory(wanted: string): string {
  const directory = privateDirectory(wanted);
  refuseLongPath(directory);
  refuseNetworkFileSystem(directory);
  return directory;
}

function privateDirectory(wanted: string): string {
  try {
    mkdirSync(wanted, { recursive: true, mode: 0o700 });
    const directory = realpathSync(wanted);
    chmodSync(directory, 0o700);
    return directory;
  } catch (error) {
    throw new InstallationError(
      `The directory ${wanted} cannot be made or is not the server's own. Choose another one with GLAMBDAR_DIR, or give it to the user that runs the server.`,
      { cause: error },
    );
  }
}

function refuseLongPath(directory: string): void {
  const socket = join(directory, 'run', 'x'.repeat(containerDirectoryBytes), 'socket');
  const excessBytes = Buffer.byteLength(socket) - longestSocketPathBytes;
  if (excessBytes <= 0) return;
  throw new InstallationError(
    `The path ${directory} is ${excessBytes} bytes too long for the sockets below it. Choose a shorter one with GLAMBDAR_DIR.`,
  );
}

function refuseNetworkFileSystem(directory: string): void {
  const type = networkFileSystemOf(directory, mountInfo());
  if (type === undefined) return;
  throw new InstallationError(
    `${directory} lies on a network file system (${type}), which can corrupt the database. Choose a local directory with GLAMBDAR_DIR.`,
  );
}

function mountInfo(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    // Only Linux has this file; elsewhere nothing is known and nothing refused.
    return '';
  }
}

/** Containers of an earlier run are found by this id, so it is on disk before any container is made. */
function persistentId(directory: string): string {
  const file = join(directory, 'installation-id');
  const existing = readIfThere(file);
  if (existing === undefined) return writeId(file);
  if (/^[0-9a-f]{8}$/.test(existing)) return existing;
  throw new InstallationError(
    `${file} is damaged. Restore it from a backup; if there is none, delete it after removing this server's containers.`,
  );
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Renamed into place when it is on disk, so that a crash leaves no half of it. */
function writeId(file: string): string {
  const id = randomBytes(4).toString('hex');
  const unfinished = `${file}.new`;
  writeFileSync(unfinished, `${id}\n`, { mode: 0o600, flush: true });
  renameSync(unfinished, file);
  return id;
}
