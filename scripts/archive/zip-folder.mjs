/** The zip of a function's folder. */
import { readFile } from 'node:fs/promises';
import { packFolder } from './pack-folder.mjs';
import { zipOf } from './zip-archive.mjs';

/**
 * @typedef {import('./pack-folder.mjs').PackedEntry} PackedEntry
 * @typedef {import('./zip-archive.mjs').ZippedFile} ZippedFile
 */

const MODES = { file: 0o100644, program: 0o100755, link: 0o120777 };

/**
 * @param {string} folder
 * @param {import('./target-platform.mjs').Platform} platform where the function will run
 * @param {string} [archive] the file that is being made, which may lie in the folder
 */
export async function zipFolder(folder, platform, archive) {
  const packed = await packFolder(folder, platform, archive);
  return { ...packed, bytes: zipOf(await Promise.all(packed.entries.map(zipped))) };
}

/** @param {PackedEntry} entry @returns {Promise<ZippedFile>} */
async function zipped(entry) {
  if (entry.kind === 'link') return { path: entry.path, bytes: Buffer.from(entry.target), mode: MODES.link };
  const mode = entry.executable ? MODES.program : MODES.file;
  return { path: entry.path, bytes: await readFile(entry.source), mode };
}
