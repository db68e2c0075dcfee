import { DomainError } from '../common/errors/domain-error.js';

const field = 'Idempotency-Key';

/** When the first request is likely to have ended. */
const retryAfterMs = 1000;

/** The same key has come with another request. */
export function keyReused(): DomainError {
  return new DomainError(
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key has come with another request before; use a new one.',
    { field },
  );
}

/** The first request with the key has not been answered yet. */
export function firstStillRuns(): DomainError {
  return new DomainError(
    'IDEMPOTENCY_CONFLICT',
    'The first request with this Idempotency-Key has not been answered yet; send it again shortly.',
    { field, retryAfterMs },
  );
}
