import type { AuditEntryResponse } from '@glambdar/client';

/** The entries that the page has, newest first. */
export interface Pages {
  readonly entries: readonly AuditEntryResponse[];
  /** The first entry of all is among them. */
  readonly isComplete: boolean;
}

/**
 * Adds a page from either end. Between it and what the page has, entries may be missing when very much happened at once:
 * then only the newer side stays, and "older" leads to the rest.
 */
export function joined(
  { entries, isComplete }: Pages,
  page: readonly AuditEntryResponse[],
  size: number,
): Pages {
  const isLast = page.length < size;
  const [newest] = entries;
  const oldestOfPage = page.at(-1);
  const leavesGap =
    newest !== undefined && oldestOfPage !== undefined && oldestOfPage.sequence > newest.sequence + 1;
  if (leavesGap) return { entries: page, isComplete: isLast };
  const all = new Map([...entries, ...page].map((entry) => [entry.sequence, entry]));
  return {
    entries: [...all.values()].sort((a, b) => b.sequence - a.sequence),
    isComplete: isComplete || isLast,
  };
}
