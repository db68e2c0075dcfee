import type { SecretKey } from './secret-key.js';

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
