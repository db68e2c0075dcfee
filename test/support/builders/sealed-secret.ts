import { parseSecretKey, type SealedSecret } from '../../../src/functions/sealed-secret.js';

/** A secret that no key opens. */
export function sealedSecret(key = 'API_TOKEN', fields: Partial<SealedSecret> = {}): SealedSecret {
  const createdAt = new Date('2026-01-01T00:00:00.123Z');
  return {
    key: parseSecretKey(key),
    masterKeyId: '0123456789abcdef',
    nonce: Buffer.alloc(12, 1).toString('base64'),
    sealed: Buffer.alloc(20, 2).toString('base64'),
    createdAt,
    updatedAt: createdAt,
    ...fields,
  };
}
