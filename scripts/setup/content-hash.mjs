/** Names a set of files by what is in them, so that work is done again only when its sources changed. */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SetupError } from './script.mjs';

/**
 * Every file under a directory, as sorted relative paths with forward slashes, so that the order is the same everywhere.
 * @param {string} directory
 * @returns {Promise<string[]>}
 * @throws {SetupError} for anything that is neither a file nor a directory
 */
export async function filesUnder(directory) {
  const entries = await readdir(directory, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      if (entry.isFile()) return [entry.name];
      const below = path.join(directory, entry.name);
      if (!entry.isDirectory())
        throw new SetupError(`${below} is neither a file nor a directory: replace it by one.`);
      return (await filesUnder(below)).map((file) => `${entry.name}/${file}`);
    }),
  );
  return found.flat().sort();
}

/** The SHA-256 of a file's bytes, in hexadecimal. @param {string} file */
export async function digestOfFile(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** The same of one of a thousand small files, which are read soonest whole and one after the other. @param {string} file */
function digestOfSource(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/**
 * The SHA-256 of files and whole directories below `root`: of their paths and contents, not of times or owners.
 * @param {string} root
 * @param {readonly string[]} sources relative paths; one that is missing counts as such
 * @param {(file: string) => boolean} [counts] says which files matter
 */
export async function contentHash(root, sources, counts = () => true) {
  const hash = createHash('sha256');
  for (const source of [...sources].sort()) {
    for (const file of (await filesOf(root, source)).filter(counts)) {
      hash.update(JSON.stringify([file, digestOfSource(path.join(root, file))]));
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} source
 */
async function filesOf(root, source) {
  const found = await stat(path.join(root, source)).catch(() => undefined);
  if (found === undefined) return [];
  if (!found.isDirectory()) return [source];
  return (await filesUnder(path.join(root, source))).map((file) => `${source}/${file}`);
}
