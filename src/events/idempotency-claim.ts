import type { IdempotencyClaim } from './store/event-store.js';

/** How long a key stands for the first request that came with it. */
export const idempotencyMs = 24 * 60 * 60 * 1000;

/** What of a request makes it the same as another. */
export interface IdempotentRequest {
  /** Who sent it, apart from everybody else: nobody learns by a key what others have sent, or were answered. */
  readonly sender: string;
  /** As the sender wrote it. */
  readonly key: string;
  /** SHA-256 of the request, hexadecimal. */
  readonly fingerprint: string;
}

/** Keys are of one function and one sender. */
export function claimOf(
  functionId: string,
  { sender, key, fingerprint }: IdempotentRequest,
  nowMs: number,
): IdempotencyClaim {
  return { functionId, caller: sender, key, fingerprint, untilMs: nowMs + idempotencyMs };
}
