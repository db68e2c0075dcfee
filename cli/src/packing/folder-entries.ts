/** The files and links below a folder, as they go into an archive. */
import type { Dirent } from 'node:fs';
import { readdir, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { archiveMaximums } from './archive-limits.js';
import { CommandError } from '../errors/command-error.js';

/** Paths are relative, with forward slashes; `source` is on this machine. */
export interface PackedFile {
  readonly kind: 'file';
  readonly path: string;
  readonly source: string;
  readonly bytes: number;
  readonly executable: boolean;
}

/** `target` is relative to the link's folder. */
export interface PackedLink {
  readonly kind: 'link';
  readonly path: string;
  readonly target: string;
}

export type PackedEntry = PackedFile | PackedLink;

/** What each has in the archive, unpacked. */
export function sizesOf(
  entries: readonly PackedEntry[],
): { readonly path: string; readonly bytes: number }[] {
  return entries.map((entry) => ({
    path: entry.path,
    bytes: entry.kind === 'file' ? entry.bytes : Buffer.byteLength(entry.target),
  }));
}

export interface FolderEntries {
  readonly entries: PackedEntry[];
  readonly leftOut: string[];
}

export interface FolderRules {
  isLeftOut(entry: { readonly name: string; readonly packed: string; readonly source: string }): boolean;
  /** Whether whoever made the folder is trusted with the files of this machine. */
  readonly followsLinksOut: boolean;
}

/** `root` holds what links may lead to, `trail` the folders that are being gone through; all are real paths. */
interface Folder {
  readonly directory: string;
  readonly root: string;
  readonly trail: readonly string[];
}

/**
 * A link that stays inside the folder is kept. What one that leads out of it leads to is put in its place where the rules
 * say so; else it is left out, like one that leads nowhere. `place` is where the folder's content goes in the archive.
 */
export async function folderEntries(
  folder: string,
  place: string,
  rules: FolderRules,
): Promise<FolderEntries> {
  const root = await realpath(folder);
  const walk = new Walk(rules);
  await walk.through({ directory: root, root, trail: [root] }, place);
  return walk.found;
}

class Walk {
  readonly found: FolderEntries = { entries: [], leftOut: [] };

  constructor(private readonly rules: FolderRules) {}

  async through(at: Folder, below: string): Promise<void> {
    const names = await readable(at.directory, readdir(at.directory, { withFileTypes: true }));
    for (const entry of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      await this.visit(at, entry, below === '' ? entry.name : `${below}/${entry.name}`);
    }
  }

  private async visit(at: Folder, entry: Dirent, packed: string): Promise<void> {
    const source = path.join(at.directory, entry.name);
    const shown = entry.isDirectory() ? `${packed}/` : packed;
    if (this.rules.isLeftOut({ name: entry.name, packed: shown, source })) this.found.leftOut.push(packed);
    else if (entry.isSymbolicLink()) await this.follow(at, source, packed);
    else if (entry.isDirectory()) await this.through({ ...at, directory: source }, packed);
    else if (entry.isFile()) await this.take(source, packed);
    else this.found.leftOut.push(packed);
  }

  private async follow(at: Folder, link: string, packed: string): Promise<void> {
    const real = await realpath(link).catch(() => undefined);
    if (real === undefined) {
      this.found.leftOut.push(packed);
    } else if (isWithin(at.root, real)) {
      this.add({ kind: 'link', path: packed, target: await targetOf(link, real, at.root) });
    } else if (!this.rules.followsLinksOut) {
      this.found.leftOut.push(packed);
    } else {
      await this.putIn(at, { link, real, packed });
    }
  }

  private async putIn(
    at: Folder,
    { link, real, packed }: { readonly link: string; readonly real: string; readonly packed: string },
  ): Promise<void> {
    const target = await stat(real);
    if (target.isFile()) await this.take(real, packed);
    else if (!target.isDirectory()) this.found.leftOut.push(packed);
    else if (at.trail.some((directory) => isWithin(real, directory))) {
      throw new CommandError('refused', `The link ${link} leads to a folder that holds it: remove it.`);
    } else await this.through({ directory: real, root: real, trail: [...at.trail, real] }, packed);
  }

  private async take(source: string, packed: string): Promise<void> {
    const { mode, size } = await readable(source, stat(source));
    this.add({ kind: 'file', path: packed, source, bytes: size, executable: (mode & 0o111) !== 0 });
  }

  private add(entry: PackedEntry): void {
    this.found.entries.push(entry);
    if (this.found.entries.length <= archiveMaximums.entries) return;
    throw new CommandError(
      'refused',
      `The folder holds more than ${archiveMaximums.entries} files: name those that the function does not need in .glambdarignore.`,
    );
  }
}

async function readable<T>(what: string, reading: Promise<T>): Promise<T> {
  return reading.catch((error: unknown) => {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new CommandError(
      'refused',
      `${what} cannot be read (${code}): change its permissions, or name it in .glambdarignore.`,
    );
  });
}

/** As it was written where that is good elsewhere, too: relative, and inside the root all the way. */
async function targetOf(link: string, real: string, root: string): Promise<string> {
  const text = slashed(await readlink(link));
  const parents = /^(\.\.\/|\.\/)*(\.\.$)?/.exec(text)?.[0] ?? '';
  const climbs = path.resolve(path.dirname(link), parents);
  const isGood =
    !path.isAbsolute(text) && isWithin(root, climbs) && !/(^|\/)\.\.(\/|$)/.test(text.slice(parents.length));
  return isGood ? text : slashed(path.relative(path.dirname(link), real)) || '.';
}

/** Both are absolute. */
export function isWithin(root: string, inner: string): boolean {
  return inner === root || inner.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
}

export function slashed(local: string): string {
  return local.replaceAll(path.sep, '/');
}
