import { usageError } from '../errors/command-error.js';

/** A server, and the key that opens it. */
export interface Profile {
  readonly url: string;
  /** Absent for a server that needs none. */
  readonly key?: string;
}

export const defaultProfile = 'default';

/** A key travels in a header field, which has no other characters. */
export function isKey(text: string): boolean {
  return /^[\x21-\x7e]{1,4096}$/.test(text);
}

/** It names a file. */
export function profileName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text))
    throw usageError(
      `${JSON.stringify(text)} is not a name for a profile.`,
      'Use 1 to 64 letters, digits, "_" or "-", beginning with a letter or a digit.',
    );
  return text;
}

/** What a profile's file holds; undefined where it is something else. */
export function parseProfile(text: string): Profile | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { url, key } = value as Partial<Record<string, unknown>>;
    if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
    if (key === undefined) return { url };
    return typeof key === 'string' ? { url, key } : undefined;
  } catch {
    return undefined;
  }
}
