import type { RetryRule } from '../functions/function.js';

/** An event that is accepted, or tried anew, now is not tried any more after this. */
export function expiresAtMs({ maxAgeSeconds }: RetryRule, nowMs: number): number {
  return nowMs + maxAgeSeconds * 1000;
}
