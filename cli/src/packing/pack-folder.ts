/** What of a function's folder goes into its archive: its files and the packages that they need. */
import { ignoreFileName, ignoreRules, isClutter } from '@glambdar/client/ignore-rules';
import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { folderEntries, isWithin, slashed, type FolderEntries, type PackedEntry } from './folder-entries.js';
import { installedPackages } from './installed-packages.js';
import { packagePlaces } from './package-places.js';
import { CommandError } from '../errors/command-error.js';
import type { Platform } from './platform.js';

export interface PackOptions {
  /** Of the packages that are packed; undefined where none are, because the server installs them. */
  readonly packagesFor: Platform | undefined;
  /** The file that is being made, which may be in the folder. */
  readonly archive?: string;
}

export interface PackedFolder {
  readonly entries: readonly PackedEntry[];
  /** How many packages are among them. */
  readonly packages: number;
  readonly leftOut: readonly string[];
  /** Sentences on what may be missing. */
  readonly notes: readonly string[];
}

export async function packFolder(
  folder: string,
  { packagesFor, archive }: PackOptions,
): Promise<PackedFolder> {
  const root = await realpath(folder);
  const own = await ownEntries(root, archive);
  const packed = packagesFor === undefined ? noPackages : await packageEntriesFor(root, packagesFor);
  const hasModules = own.leftOut.includes('node_modules') && packagesFor !== undefined;
  return {
    entries: [...own.entries, ...packed.entries].sort((a, b) => (a.path < b.path ? -1 : 1)),
    packages: packed.packages,
    leftOut: [...own.leftOut.filter((name) => !(hasModules && name === 'node_modules')), ...packed.leftOut],
    notes: packed.notes,
  };
}

const noPackages: PackedFolder = { entries: [], packages: 0, leftOut: [], notes: [] };

/** Packages are put in by what needs them; an archive that was made in the folder before is not part of it. */
async function ownEntries(root: string, archive: string | undefined): Promise<FolderEntries> {
  const isIgnored = ignoreRules(await readIgnoreFile(root));
  const notOwn = [path.join(root, 'node_modules'), path.join(root, `${path.basename(root)}.zip`), archive];
  return folderEntries(root, '', {
    isLeftOut: ({ packed, source }) => isIgnored(packed) || notOwn.includes(source),
    followsLinksOut: true,
  });
}

export async function readIgnoreFile(root: string): Promise<string> {
  return readFile(path.join(root, ignoreFileName), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new CommandError(
      'refused',
      `${ignoreFileName} cannot be read: make it a text file that you may read, or remove it.`,
    );
  });
}

async function packageEntriesFor(root: string, platform: Platform): Promise<PackedFolder> {
  const { needs, leftOut, notes } = await installedPackages(root, platform);
  const { places, links } = packagePlaces(needs);
  places.delete(root);
  const packages = await Promise.all(
    [...places].map(([directory, place]) => entriesOfPackage(directory, place)),
  );
  const linked = [...links].map(([place, target]) => linkTo(place, target));
  return {
    entries: [...packages.flatMap(({ entries }) => entries), ...linked, ...(await programs(root, places))],
    packages: places.size,
    leftOut: [...new Set(leftOut)],
    notes,
  };
}

/** One that is outside every `node_modules` is a folder that somebody works in, linked from there. */
function entriesOfPackage(directory: string, place: string): Promise<FolderEntries> {
  const isInstalled = directory.includes(`${path.sep}node_modules${path.sep}`);
  const isIgnored = ignoreRules();
  return folderEntries(directory, place, {
    isLeftOut: ({ name, packed, source }) =>
      (isInstalled ? isClutter(name) : isIgnored(packed)) || source === path.join(directory, 'node_modules'),
    followsLinksOut: !isInstalled,
  });
}

/** The links of `node_modules/.bin`, of this folder and those above it, that lead to packages which are put in. */
async function programs(root: string, places: ReadonlyMap<string, string>): Promise<PackedEntry[]> {
  const found = new Map<string, PackedEntry>();
  // A package inside another one is nearer to its files.
  const owners = [...places.keys()].sort((a, b) => b.length - a.length);
  for (let directory = root; ; directory = path.dirname(directory)) {
    const programsHere = path.join(directory, 'node_modules', '.bin');
    for (const name of (await readdir(programsHere).catch(() => [])).sort()) {
      const real = await realpath(path.join(programsHere, name)).catch(() => '');
      const owner = owners.find((candidate) => isWithin(candidate, real));
      const place = `node_modules/.bin/${name}`;
      if (owner === undefined || found.has(place)) continue;
      found.set(place, linkTo(place, `${places.get(owner) ?? ''}/${slashed(path.relative(owner, real))}`));
    }
    if (directory === path.dirname(directory)) return [...found.values()];
  }
}

/** Both are in the archive. */
function linkTo(place: string, target: string): PackedEntry {
  return { kind: 'link', path: place, target: path.posix.relative(path.posix.dirname(place), target) };
}
