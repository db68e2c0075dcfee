/** `node scripts/zip.mjs <folder> [out.zip]`: the zip of a function's folder, ready for `POST /deploy`. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { zipOf } from './archive/zip-archive.mjs';
import { filesUnder } from './setup/content-hash.mjs';
import { runScript } from './setup/script.mjs';
import { SetupError } from './setup/setup-error.mjs';

await runScript(async () => {
  const [folder, out] = process.argv.slice(2);
  if (folder === undefined) throw new SetupError('Name a folder: node scripts/zip.mjs <folder> [out.zip]');

  const paths = await filesUnder(folder).catch((error) => {
    throw error instanceof SetupError ? error : new SetupError(`${folder} is not a folder that can be read.`);
  });
  const archive = zipOf(
    await Promise.all(
      paths.map(async (file) => ({ path: file, bytes: await readFile(path.join(folder, file)) })),
    ),
  );
  const target = out ?? `${path.basename(path.resolve(folder))}.zip`;
  await writeFile(target, archive);
  console.log(`${target}: ${archive.length} bytes`);
});
