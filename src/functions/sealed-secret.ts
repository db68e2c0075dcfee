import { refusedField } from '../common/input/read-fields.js';
import { variableNameProblem } from './settings/environment-rules.js';

/** The name of a secret, which is the variable that holds it for the function's code; it has passed the rules. */
export type SecretKey = string & { readonly brand: 'SecretKey' };

/** What only the holder of a master key can read, and nobody can change unnoticed. */
export interface SealedValue {
  /** Which master key it was sealed with. */
  readonly masterKeyId: string;
  /** 96 random bits, of their own for each sealing; base64. */
  readonly nonce: string;
  /** The encrypted value and 16 bytes that authenticate it; base64. */
  readonly sealed: string;
}

/** A function's secret as it is kept, in memory and on the disk. */
export interface SealedSecret extends SealedValue {
  readonly key: SecretKey;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const tagBytes = 16;

/** Bytes of the value inside. */
export function valueBytesOf({ sealed }: SealedValue): number {
  return Buffer.byteLength(sealed, 'base64') - tagBytes;
}

/** Throws `INVALID_SETTINGS`. */
export function parseSecretKey(text: string): SecretKey {
  const rule = variableNameProblem(text);
  if (rule === undefined) return text as SecretKey;
  throw refusedField('key', rule);
}
