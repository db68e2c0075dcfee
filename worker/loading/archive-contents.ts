import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listed, shownName } from './wording.js';

const mostFiles = 500;
const mostFolders = 100;
const mostShown = 8;

/** What a sentence about the code's folder needs to know of it. */
export interface ArchiveContents {
  /** Relative paths of files, those nearer to the root first; `node_modules/` stands for all in it. */
  readonly paths: readonly string[];
  /** There are no more than `paths`. */
  readonly complete: boolean;
  readonly manifest: Manifest;
}

interface Manifest {
  readonly type?: unknown;
  readonly main?: unknown;
  readonly devDependencies?: unknown;
}

/** Looks at so many files and folders and no more: it is for a sentence, in a process that is about to end. */
export function contentsOf(codeDirectory: string): ArchiveContents {
  const paths: string[] = [];
  const folders = [''];
  let visited = 0;
  while (visited < folders.length && visited < mostFolders && paths.length < mostFiles) {
    const folder = folders[visited++] ?? '';
    for (const entry of entriesIn(join(codeDirectory, folder))) {
      const path = folder + entry.name;
      if (!entry.isDirectory()) paths.push(path);
      else if (entry.name === 'node_modules') paths.push(`${path}/`);
      else folders.push(`${path}/`);
    }
  }
  return { paths, complete: visited === folders.length, manifest: manifestIn(codeDirectory) };
}

export function contentsSentence({ paths, complete }: ArchiveContents): string {
  if (paths.length === 0) return 'The archive contains no files.';
  return `The archive contains: ${listed(paths.map(shownName), mostShown, complete)}.`;
}

function entriesIn(directory: string) {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function manifestIn(codeDirectory: string): Manifest {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(codeDirectory, 'package.json'), 'utf8'));
    return typeof manifest === 'object' && manifest !== null ? manifest : {};
  } catch {
    return {};
  }
}
