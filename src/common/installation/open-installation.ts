import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { findDirectory, refused, refuseForeign } from './found-directory.js';
import { Installation, InstallationError } from './installation.js';
import { contentOf, whoseDirectory } from './whose-directory.js';

const sqliteBusy = 5;

/**
 * Two servers on one directory would remove each other's containers, so each holds this lock. It is a transaction on
 * a database that nobody writes: the kernel ends it together with the process, so a crash leaves no stale lock.
 */
class InstallationLock {
  private constructor(private readonly database: DatabaseSync) {}

  /** Throws an `InstallationError` when another server holds it. Never waits. */
  static take(file: string): InstallationLock {
    const database = new DatabaseSync(file, { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
      return new InstallationLock(database);
    } catch (error) {
      database.close();
      if ((error as { errcode?: number }).errcode !== sqliteBusy) throw error;
      throw new InstallationError(
        'Another Glambdar server runs on this directory. Stop it first, or give this one a directory of its own with GLAMBDAR_DIR.',
        { cause: error },
      );
    }
  }

  release(): void {
    if (this.database.isOpen) this.database.close();
  }
}

export interface OpenInstallation {
  readonly installation: Installation;
  /** Held until `release`, or until the process ends. */
  readonly lock: InstallationLock;
}

/**
 * Makes or opens the server's directory, its own and nobody else's to read, and locks it. Runs once, at boot. Throws
 * an `InstallationError` where the directory cannot serve, and then has changed nothing in it.
 */
export function openInstallation(wanted: string): OpenInstallation {
  const { path, whose } = findDirectory(wanted);
  if (whose.kind !== 'absent') refuseForeign(path, whose);
  makePrivate(path);
  const lock = InstallationLock.take(join(path, 'server.lock'));
  try {
    const installation = Installation.at(path, persistentNodeId(path));
    const { functions, node } = installation;
    for (const part of [functions, node.staging, node.run]) {
      refuseLink(part);
      makePrivate(part);
    }
    return { installation, lock };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * The installation in a directory, for a command that works beside a running server: nothing is made, changed or locked.
 * Throws an `InstallationError` where there is none.
 */
export function existingInstallation(wanted: string): Installation {
  const { path, whose } = findDirectory(wanted);
  if (whose.kind === 'installation') return Installation.at(path, whose.id);
  if (whose.kind === 'damaged') throw refused.damaged(path);
  // Its id is for the server to make; what else is in it can be used before.
  if (whose.kind === 'restored') return Installation.at(path, '');
  const why = whose.kind === 'absent' ? 'it does not exist' : 'no server has kept its files there';
  throw new InstallationError(
    `${path} is not a Glambdar installation: ${why}. Set GLAMBDAR_DIR to the directory of your server, or start it once with npm start.`,
  );
}

function makePrivate(directory: string): void {
  try {
    makeDirectory(directory);
    chmodSync(directory, 0o700);
  } catch (error) {
    throw refused.unusable(directory, error);
  }
}

/** Step by step: asked for all of it, Node.js tries for ever where nothing can be made, as in `/proc`. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  makeDirectory(dirname(directory));
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Another server may be starting.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** What is behind a link is not the server's own to close and to sweep, and code could not be moved there. */
function refuseLink(part: string): void {
  const found = lstatSync(part, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw refused.noDirectory(part);
}

/** Containers of an earlier run are found by this id, so it is on disk before any container is made. */
function persistentNodeId(directory: string): string {
  // Under the lock, because another server may have been starting when it was first looked at.
  const whose = whoseDirectory(contentOf(directory));
  refuseForeign(directory, whose);
  return whose.kind === 'installation' ? whose.id : writeId(directory);
}

/** Renamed into place when it is on disk, and on disk under its name before anything else is: a crash leaves no half. */
function writeId(directory: string): string {
  const id = randomBytes(4).toString('hex');
  const file = join(directory, 'installation-id');
  const unfinished = `${file}.new`;
  writeFileSync(unfinished, `${id}\n`, { mode: 0o600, flush: true });
  renameSync(unfinished, file);
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return id;
}
