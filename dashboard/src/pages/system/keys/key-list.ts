import type { KeyMetadata } from '@glambdar/client';

export type KeyState = 'valid' | 'expired' | 'revoked';

export function stateOf(
  { revokedAt, expiresAt }: Pick<KeyMetadata, 'revokedAt' | 'expiresAt'>,
  now: number,
): KeyState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : 'valid';
}

/** Newest first; those that are over only when somebody asks for them. */
export function listed(keys: readonly KeyMetadata[], showsAll: boolean, now: number): readonly KeyMetadata[] {
  return keys.filter((key) => showsAll || stateOf(key, now) === 'valid').toReversed();
}

/** Names and patterns as one writes them in a line: separated by commas or spaces. Null where there is none. */
export function patternsIn(text: string): string[] | null {
  const patterns = text.split(/[\s,]+/).filter(Boolean);
  return patterns.length === 0 ? null : patterns;
}

/** How long a new key lives: the moment that so many days from now is; null for ever. */
export function expiryAfter(days: number | null, now: number): string | null {
  return days === null ? null : new Date(now + days * 86_400_000).toISOString();
}
