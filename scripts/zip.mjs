/**
 * `node scripts/zip.mjs <folder> [out.zip] [--cpu=arm64]`: the zip of a function's folder, ready for `POST /deploy`. The
 * packages that its `package.json` depends on are put in, from wherever Node.js would find them, for Linux on this
 * machine's or the named processor; what does not belong into it is left out.
 */
import { realpath, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { containerPlatform } from './archive/installed-packages.mjs';
import { zipFolder } from './archive/pack-folder.mjs';
import { readCommandLine } from './setup/command-line.mjs';
import { runScript, SetupError } from './setup/script.mjs';

const MOST_NAMES_SHOWN = 10;

const {
  values: { cpu },
  positionals: [folder = '', out],
} = readCommandLine({
  usage: `node scripts/zip.mjs <folder> [out.zip] [--cpu=x64|arm64]

Packs a function's folder into a zip for POST /deploy, in the current directory. The zip includes the packages that
package.json depends on: run npm install in the folder first. --cpu names the server's processor if it differs from
this machine's.`,
  options: { cpu: { type: 'string' } },
  positionals: ['<folder>', '[out.zip]'],
});

await runScript(async () => {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new SetupError(`${folder} is not a folder that can be read.`);
  const target = path.resolve(out ?? `${path.basename(path.resolve(folder))}.zip`);
  // As it will be found in the folder, which may have been named through a link.
  const archive = path.join(await realpath(path.dirname(target)), path.basename(target));
  const platform = containerPlatform(typeof cpu === 'string' ? cpu : undefined);
  const { bytes, entries, packages, leftOut, notes } = await zipFolder(folder, platform, archive);
  await writeFile(target, bytes);
  console.log(
    `${out ?? path.basename(target)}: ${bytes.length} bytes, ${counted(entries.length, 'file')}, ${counted(packages, 'package')}`,
  );
  if (leftOut.length > 0) console.log(`left out: ${shown(leftOut)}`);
  for (const note of notes) console.warn(note);
});

/** @param {number} count @param {string} what */
function counted(count, what) {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** @param {readonly string[]} names */
function shown(names) {
  const more = names.length - MOST_NAMES_SHOWN;
  return `${names.slice(0, MOST_NAMES_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
