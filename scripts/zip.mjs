/**
 * `node scripts/zip.mjs <folder> [out.zip] [--cpu=arm64]`: the zip of a function's folder, ready for `POST /deploy`. The
 * packages that its `package.json` depends on are put in, from wherever Node.js would find them, for Linux on this
 * machine's or the named processor; what does not belong into it is left out.
 */
import { realpath, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { containerPlatform } from './archive/target-platform.mjs';
import { zipFolder } from './archive/zip-folder.mjs';
import { runScript } from './setup/script.mjs';
import { SetupError } from './setup/setup-error.mjs';

const USAGE = 'node scripts/zip.mjs <folder> [out.zip] [--cpu=x64|arm64]';
const MOST_NAMES_SHOWN = 10;

await runScript(async () => {
  const { folder, out, cpu } = parsed();
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new SetupError(`${folder} is not a folder that can be read.`);
  const target = path.resolve(out ?? `${path.basename(path.resolve(folder))}.zip`);
  // As it will be found in the folder, which may have been named through a link.
  const archive = path.join(await realpath(path.dirname(target)), path.basename(target));
  const { bytes, entries, packages, leftOut, notes } = await zipFolder(
    folder,
    containerPlatform(cpu),
    archive,
  );
  await writeFile(target, bytes);
  console.log(
    `${out ?? path.basename(target)}: ${bytes.length} bytes, ${entries.length} files, ${packages} packages`,
  );
  if (leftOut.length > 0) console.log(`left out: ${shown(leftOut)}`);
  for (const note of notes) console.warn(note);
});

function parsed() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { cpu: { type: 'string' } },
    });
    const [folder, out, ...more] = positionals;
    if (folder !== undefined && more.length === 0) return { folder, out, cpu: values.cpu };
  } catch {
    // An option that there is not: told below.
  }
  throw new SetupError(`Name a folder: ${USAGE}`);
}

/** @param {readonly string[]} names */
function shown(names) {
  const more = names.length - MOST_NAMES_SHOWN;
  return `${names.slice(0, MOST_NAMES_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
