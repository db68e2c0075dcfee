import type { ArchiveReason } from '../../../src/code/archive/archive-refusal.js';
import { craftZip, type CraftedArchive, type CraftedEntry } from './crafted-zip.js';

export interface HostileZip {
  readonly title: string;
  readonly archive: () => Buffer;
  readonly reason: ArchiveReason;
}

export const index: CraftedEntry = { name: 'index.js', content: 'exports.handler = () => 1;\n' };

/** One that is made wrong by what it is made from. */
export function hostile(
  reason: ArchiveReason,
  title: string,
  entries: readonly CraftedEntry[],
  archive?: CraftedArchive,
): HostileZip {
  return { title, reason, archive: () => craftZip(entries, archive) };
}

/** One that is made wrong afterwards. */
export function damaged(reason: ArchiveReason, title: string, archive: () => Buffer): HostileZip {
  return { title, reason, archive };
}
