import type { IdempotencyClaim } from './store/event-store.js';

/** How long a key stands for the first request that came with it. */
export const idempotencyMs = 24 * 60 * 60 * 1000;

/** What of a request makes it the same as another. */
export interface IdempotentRequest {
  /** As the caller sent it. */
  readonly key: string;
  /** SHA-256 of the request, hexadecimal. */
  readonly fingerprint: string;
}

/** Keys are of one function and one caller: nobody learns by them what others have sent. */
export function claimOf(
  functionId: string,
  keyId: string | undefined,
  { key, fingerprint }: IdempotentRequest,
  nowMs: number,
): IdempotencyClaim {
  return { functionId, caller: keyId ?? null, key, fingerprint, untilMs: nowMs + idempotencyMs };
}
