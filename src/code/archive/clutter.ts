/** What desktops add to folders and archives, wherever it lies in them. No code needs it. */
const clutterFiles: ReadonlySet<string> = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);
const clutterFolder = '__MACOSX';

/** Whether an entry is such a thing, or lies in one. */
export function isClutter(segments: readonly string[]): boolean {
  return segments.includes(clutterFolder) || clutterFiles.has(segments.at(-1) ?? '');
}
