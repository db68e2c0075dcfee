import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { InstallationError } from '../common/installation/installation-error.js';
import { MasterKeys, newMasterKey } from './master-keys.js';
import type { SecretsSettings } from './secrets.settings.js';

/** Far more keys than anybody keeps; a file that is larger is none of ours. */
const maxFileBytes = 64 * 1024;

/** Where the master keys come from. */
export interface MasterKeySource {
  /** As they were at the start; undefined when the server's own file does not exist yet. */
  readonly keys: MasterKeys | undefined;
  /** For the operator: the variable, or the file's path. */
  readonly place: string;
  /** Makes a key where none is, durably; undefined where the operator brings it. */
  readonly make: (() => MasterKeys) | undefined;
}

/**
 * Reads the keys from the variable, the operator's file or the server's own. Throws an `InstallationError` when they
 * cannot be used: a server that went on without them could not run the functions whose secrets they protect.
 */
export function openMasterKeySource(
  directory: string,
  { masterKeys, masterKeyFile }: Pick<SecretsSettings, 'masterKeys' | 'masterKeyFile'>,
): MasterKeySource {
  if (masterKeys !== '' && masterKeyFile !== '') {
    throw new InstallationError('Set GLAMBDAR_SECRETS_KEY or GLAMBDAR_SECRETS_KEY_FILE, not both.');
  }
  if (masterKeys !== '') {
    return { keys: MasterKeys.parse(masterKeys), place: 'GLAMBDAR_SECRETS_KEY', make: undefined };
  }
  if (masterKeyFile !== '') {
    const keys = read(masterKeyFile);
    if (keys) return { keys, place: masterKeyFile, make: undefined };
    throw new InstallationError(
      `The file ${masterKeyFile} of GLAMBDAR_SECRETS_KEY_FILE does not exist. Put the master key there, or create one: openssl rand -hex 32.`,
    );
  }
  const own = join(directory, 'secrets.key');
  return { keys: read(own), place: own, make: () => make(own) };
}

function read(file: string): MasterKeys | undefined {
  const text = readPrivate(file);
  if (text === undefined) return undefined;
  const keys = MasterKeys.parse(text);
  if (keys) return keys;
  throw new InstallationError(
    `${file} is damaged: it must hold master keys of 64 hexadecimal digits, one a line. Restore it from a backup.`,
  );
}

function readPrivate(file: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new InstallationError(`The master key ${file} cannot be read by the user that runs the server.`, {
      cause: error,
    });
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile() || found.size > maxFileBytes) {
      throw new InstallationError(`${file} is not a file of master keys.`);
    }
    if ((found.mode & 0o077) !== 0) {
      throw new InstallationError(
        `The master key ${file} can be read by other users. Remove their access (chmod 600), and replace the key if somebody may have read it.`,
      );
    }
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** Never over a file that is there, and never half: it is linked into place when it is on disk. */
function make(file: string): MasterKeys {
  const unfinished = `${file}.new`;
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, `${newMasterKey()}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(unfinished, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  rmSync(unfinished);
  syncDirectory(dirname(file));
  const made = read(file);
  if (made) return made;
  throw new InstallationError(`${file} has vanished.`);
}

/** A new name is on disk when its directory is. */
function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
