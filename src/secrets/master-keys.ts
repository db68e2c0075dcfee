import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { SealedValue } from '../functions/sealed-secret.js';

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
