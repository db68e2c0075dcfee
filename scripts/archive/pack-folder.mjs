/** The archive of a function: the files of its folder and the packages that they need, and its zip. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { folderEntries, isClutter, isWithin, slashed, staysAtHome } from './folder-entries.mjs';
import { installedPackages } from './installed-packages.mjs';
import { packagePlaces } from './package-places.mjs';
import { zipOf } from './zip-archive.mjs';

/**
 * @typedef {import('./folder-entries.mjs').PackedEntry} PackedEntry
 * @typedef {import('./installed-packages.mjs').Platform} Platform
 * @typedef {import('./zip-archive.mjs').ZippedFile} ZippedFile
 * @typedef {{ entries: PackedEntry[], packages: number, leftOut: string[], notes: string[] }} PackedFolder `notes` are
 * sentences on what may be missing
 */

const MODES = { file: 0o100644, program: 0o100755, link: 0o120777 };

/**
 * @param {string} folder
 * @param {Platform} platform where the function will run
 * @param {string} [archive] the file that is being made, which may be in the folder
 */
export async function zipFolder(folder, platform, archive) {
  const packed = await packFolder(folder, platform, archive);
  return { ...packed, bytes: zipOf(await Promise.all(packed.entries.map(zipped))) };
}

/**
 * @param {string} folder
 * @param {Platform} platform where the function will run
 * @param {string} [archive] the file that is being made, which may be in the folder
 * @returns {Promise<PackedFolder>}
 */
export async function packFolder(folder, platform, archive) {
  const root = await realpath(folder);
  // Packages are put in by what needs them; an archive that was made in the folder before is not part of it.
  const notOwn = [path.join(root, 'node_modules'), path.join(root, `${path.basename(root)}.zip`), archive];
  const own = await folderEntries(root, '', {
    isLeftOut: (name, source) => staysAtHome(name) || notOwn.includes(source),
    followsLinksOut: true,
  });
  const { needs, leftOut, notes } = await installedPackages(root, platform);
  const { places, links } = packagePlaces(needs);
  places.delete(root);
  const packages = await Promise.all(
    [...places].map(([directory, place]) => packageEntries(directory, place)),
  );
  const linked = [...links].map(([place, target]) => linkTo(place, target));
  return {
    entries: [
      ...own.entries,
      ...packages.flatMap(({ entries }) => entries),
      ...linked,
      ...(await programs(root, places)),
    ],
    packages: places.size,
    leftOut: [...own.leftOut.filter((name) => name !== 'node_modules'), ...new Set(leftOut)],
    notes,
  };
}

/**
 * One that is outside every `node_modules` is a folder that somebody works in, linked from there.
 * @param {string} directory
 * @param {string} place
 */
function packageEntries(directory, place) {
  const isInstalled = directory.includes(`${path.sep}node_modules${path.sep}`);
  const isUnwanted = isInstalled ? isClutter : staysAtHome;
  return folderEntries(directory, place, {
    isLeftOut: (name, source) => isUnwanted(name) || source === path.join(directory, 'node_modules'),
    followsLinksOut: !isInstalled,
  });
}

/**
 * The links of `node_modules/.bin`, of this folder and those above it, that lead to packages which are put in.
 * @param {string} root
 * @param {ReadonlyMap<string, string>} places
 * @returns {Promise<PackedEntry[]>}
 */
async function programs(root, places) {
  /** @type {Map<string, PackedEntry>} */
  const found = new Map();
  // A package inside another one is nearer to its files.
  const owners = [...places.keys()].sort((a, b) => b.length - a.length);
  for (let directory = root; ; directory = path.dirname(directory)) {
    const programsHere = path.join(directory, 'node_modules', '.bin');
    for (const name of (await readdir(programsHere).catch(() => [])).sort()) {
      const real = await realpath(path.join(programsHere, name)).catch(() => '');
      const owner = owners.find((candidate) => isWithin(candidate, real));
      const place = `node_modules/.bin/${name}`;
      if (owner === undefined || found.has(place)) continue;
      found.set(place, linkTo(place, `${places.get(owner)}/${slashed(path.relative(owner, real))}`));
    }
    if (directory === path.dirname(directory)) return [...found.values()];
  }
}

/** @param {string} place @param {string} target both in the archive @returns {PackedEntry} */
function linkTo(place, target) {
  return { kind: 'link', path: place, target: path.posix.relative(path.posix.dirname(place), target) };
}

/** @param {PackedEntry} entry @returns {Promise<ZippedFile>} */
async function zipped(entry) {
  if (entry.kind === 'link') return { path: entry.path, bytes: Buffer.from(entry.target), mode: MODES.link };
  const mode = entry.executable ? MODES.program : MODES.file;
  return { path: entry.path, bytes: await readFile(entry.source), mode };
}
