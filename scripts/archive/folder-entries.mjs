/** The files and links below a folder, as they go into an archive, and which names stay out of it. */
import { readdir, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { SetupError } from '../setup/script.mjs';

/**
 * @typedef {{ kind: 'file', path: string, source: string, executable: boolean }} PackedFile `source` is on this machine
 * @typedef {{ kind: 'link', path: string, target: string }} PackedLink `target` is relative to the link's folder
 * @typedef {PackedFile | PackedLink} PackedEntry paths are relative, with forward slashes
 * @typedef {{ entries: PackedEntry[], leftOut: string[] }} FolderEntries
 * @typedef {{ directory: string, root: string, trail: readonly string[] }} Folder `root` holds what links may lead to,
 * `trail` the folders that are being gone through; all are real paths
 */

/**
 * A link that stays inside the folder is kept. What one that leads out of it leads to is put in its place where whoever
 * made the folder is trusted with the files of this machine; else it is left out, like one that leads nowhere.
 * @param {string} folder
 * @param {string} place where its content goes in the archive; empty for its root
 * @param {{ isLeftOut(name: string, path: string): boolean, followsLinksOut: boolean }} options of `isLeftOut` the path
 * is that on this machine
 * @returns {Promise<FolderEntries>}
 */
export async function folderEntries(folder, place, { isLeftOut, followsLinksOut }) {
  const root = await realpath(folder);
  /** @type {FolderEntries} */
  const found = { entries: [], leftOut: [] };
  await walk({ directory: root, root, trail: [root] }, place);
  return found;

  /** @param {Folder} at @param {string} below */
  async function walk(at, below) {
    const names = await readdir(at.directory, { withFileTypes: true });
    for (const entry of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const source = path.join(at.directory, entry.name);
      const packed = below === '' ? entry.name : `${below}/${entry.name}`;
      if (isLeftOut(entry.name, source)) found.leftOut.push(packed);
      else if (entry.isSymbolicLink()) await follow(at, source, packed);
      else if (entry.isDirectory()) await walk({ ...at, directory: source }, packed);
      else if (entry.isFile()) await take(source, packed);
      else found.leftOut.push(packed);
    }
  }

  /** @param {Folder} at @param {string} link @param {string} packed */
  async function follow(at, link, packed) {
    const real = await realpath(link).catch(() => undefined);
    if (real === undefined) {
      found.leftOut.push(packed);
    } else if (isWithin(at.root, real)) {
      found.entries.push({ kind: 'link', path: packed, target: await targetOf(link, real, at.root) });
    } else if (!followsLinksOut) {
      found.leftOut.push(packed);
    } else if (!(await stat(real)).isDirectory()) {
      await take(real, packed);
    } else if (at.trail.some((directory) => isWithin(real, directory))) {
      throw new SetupError(`The link ${link} leads to a folder that holds it: remove it.`);
    } else {
      await walk({ directory: real, root: real, trail: [...at.trail, real] }, packed);
    }
  }

  /** @param {string} source @param {string} packed */
  async function take(source, packed) {
    const { mode } = await stat(source);
    found.entries.push({ kind: 'file', path: packed, source, executable: (mode & 0o111) !== 0 });
  }
}

/**
 * As it was written where that is good elsewhere, too: relative, and inside the root all the way.
 * @param {string} link
 * @param {string} real
 * @param {string} root
 */
async function targetOf(link, real, root) {
  const text = slashed(await readlink(link));
  const parents = /^(\.\.\/|\.\/)*(\.\.$)?/.exec(text)?.[0] ?? '';
  const climbs = path.resolve(path.dirname(link), parents);
  const isGood =
    !path.isAbsolute(text) && isWithin(root, climbs) && !/(^|\/)\.\.(\/|$)/.test(text.slice(parents.length));
  return isGood ? text : slashed(path.relative(path.dirname(link), real)) || '.';
}

/** @param {string} root @param {string} inner both absolute */
export function isWithin(root, inner) {
  return inner === root || inner.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
}

/** @param {string} local */
export function slashed(local) {
  return local.replaceAll(path.sep, '/');
}

/** What desktops and version control leave behind; it is in no package for a purpose. */
const CLUTTER = /^(\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX|\._.*|\.git|\.hg|\.svn)$/;

/** Secrets of the machine on which the function is written, and what editors and package managers keep. */
const OWN = new RegExp(
  `^(${[
    String.raw`\.env(\..*|rc)?`,
    String.raw`\.(npmrc|yarnrc|yarnrc\.yml|netrc|ssh|aws)`,
    String.raw`\.git.*`,
    String.raw`\.(idea|vscode|vs|fleet|zed)`,
    String.raw`\.(npm|yarn|pnpm-store|cache|nyc_output)`,
    String.raw`(npm-debug|yarn-debug|yarn-error|pnpm-debug)\.log.*`,
    String.raw`.*~|\.#.*|#.*#|\..*\.sw[a-p]`,
  ].join('|')})$`,
);

/** Of a package that was installed. @param {string} name */
export function isClutter(name) {
  return CLUTTER.test(name);
}

/** Of a folder that somebody works in. @param {string} name */
export function staysAtHome(name) {
  return CLUTTER.test(name) || OWN.test(name);
}
