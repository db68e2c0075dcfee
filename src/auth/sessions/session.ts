import { hash, timingSafeEqual } from 'node:crypto';
import { type ApiKey } from '../keys/api-key.js';
import { TokenKind } from '../keys/secret-token.js';

/** Somebody has signed in with a key in a browser: everything is kept but the secret that the browser has. */
export interface Session {
  /** Twelve hexadecimal digits; part of the cookie, and no secret. */
  readonly id: string;
  /** The key that it stands for: who has the session may do what the key may. */
  readonly keyId: string;
  /** SHA-256 of the secret. */
  readonly secretHash: Buffer;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** What a browser keeps in the cookie: `gls_<id>_<secret>`. */
export const sessionTokens = new TokenKind('gls');

/** A working day: who comes back the next morning signs in again. */
export const longestSessionMs = 12 * 3_600_000;

export interface NewSession {
  readonly session: Session;
  /** For the cookie; stored nowhere. */
  readonly text: string;
}

/** It ends with its key at the latest. */
export function newSession({ id: keyId, expiresAt: keyEnds }: ApiKey, createdAt: Date): NewSession {
  const { id, text, secretHash } = sessionTokens.mint();
  const latest = createdAt.getTime() + longestSessionMs;
  const expiresAt = new Date(Math.min(latest, keyEnds?.getTime() ?? latest));
  return { session: { id, keyId, secretHash, createdAt, expiresAt }, text };
}

/**
 * What a page has to send in the header `X-Glambdar-CSRF` with every request that changes something. It follows from the
 * cookie, which no page can read, so another site's page cannot know it, and it does not tell what the cookie is.
 */
export function csrfTokenOf(sessionText: string): string {
  return hash('sha256', `csrf ${sessionText}`, 'base64url');
}

export function isCsrfToken(shown: unknown, sessionText: string): boolean {
  if (typeof shown !== 'string') return false;
  const [wanted, given] = [Buffer.from(csrfTokenOf(sessionText)), Buffer.from(shown)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
