import { DomainError } from '../common/errors/domain-error.js';
import type { IdempotencyClaim } from './store/event-store.js';

/** How long a key stands for its first request. */
const keptMs = 24 * 60 * 60 * 1000;

/** When the first request is likely to have ended. */
const retryAfterMs = 1000;

export interface KeyedRequest {
  readonly functionId: string;
  /** Undefined for callers without a key, who are one. */
  readonly keyId: string | undefined;
  readonly key: string;
  readonly fingerprint: string;
}

/**
 * What a request's `Idempotency-Key` claims. Keys are of one function and of one caller: nobody learns of another's requests by
 * guessing keys, and nobody has to choose keys that no other has chosen.
 */
export function claimOf(
  { functionId, keyId, key, fingerprint }: KeyedRequest,
  nowMs: number,
): IdempotencyClaim {
  return { functionId, key: `${keyId ?? ''}:${key}`, fingerprint, untilMs: nowMs + keptMs };
}

/** The same key has come with another request. */
export function keyReused(): DomainError {
  return new DomainError(
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key has come with another request before; use a new one.',
    { field: 'Idempotency-Key' },
  );
}

/** The first request with the key has not been answered yet. */
export function firstStillRuns(): DomainError {
  return new DomainError(
    'IDEMPOTENCY_CONFLICT',
    'The first request with this Idempotency-Key has not been answered yet; send it again shortly.',
    { field: 'Idempotency-Key', retryAfterMs },
  );
}
