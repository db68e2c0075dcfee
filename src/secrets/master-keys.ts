import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
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
import { InstallationError } from '../common/installation/installation.js';
import type { SealedValue } from '../functions/sealed-secret.js';
import type { SecretsSettings } from './secrets.settings.js';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** One master key as its owner writes it down. */
export const masterKeyPattern = /^[0-9a-fA-F]{64}$/;

/** Fresh, in the form that `MasterKeys.parse` reads. */
export function newMasterKey(): string {
  return randomBytes(keyBytes).toString('hex');
}

/**
 * The keys that secrets are encrypted with. The first seals; the others only open what was sealed before the first one
 * was put in front of them, so that a key can be replaced without a moment in which something cannot be read.
 */
export class MasterKeys {
  private readonly byId: ReadonlyMap<string, Buffer>;
  /** Id of the key that seals. */
  readonly sealingId: string;

  private constructor(keys: readonly [Buffer, ...Buffer[]]) {
    this.byId = new Map(keys.map((key) => [idOf(key), key]));
    this.sealingId = idOf(keys[0]);
  }

  /** Keys of 64 hexadecimal digits between commas or line ends; undefined when the text is anything else. */
  static parse(text: string): MasterKeys | undefined {
    const parts = text.split(/[\s,]+/).filter((part) => part !== '');
    if (!parts.every((part) => masterKeyPattern.test(part))) return undefined;
    const [first, ...rest] = parts.map((part) => Buffer.from(part, 'hex'));
    return first && new MasterKeys([first, ...rest]);
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  /** `context` says where the value belongs: it opens nowhere else. */
  seal(value: string, context: string): SealedValue {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.keyOf(this.sealingId), nonce, { authTagLength: tagBytes });
    cipher.setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return {
      masterKeyId: this.sealingId,
      nonce: nonce.toString('base64'),
      sealed: sealed.toString('base64'),
    };
  }

  /** Throws when the key is missing, the value was changed, or it was sealed for another place. */
  open({ masterKeyId, nonce, sealed }: SealedValue, context: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv(algorithm, this.keyOf(masterKeyId), Buffer.from(nonce, 'base64'), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString('utf8');
  }

  private keyOf(id: string): Buffer {
    const key = this.byId.get(id);
    if (key) return key;
    throw new Error(`There is no master key ${id}.`);
  }
}

/** Names a key without telling anything of it: it has 256 random bits, so nobody finds it by its hash. */
function idOf(key: Buffer): string {
  return createHash('sha256').update('glambdar master key\0').update(key).digest('hex').slice(0, 16);
}

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
