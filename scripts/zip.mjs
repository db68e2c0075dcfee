/**
 * `node scripts/zip.mjs <folder> [out.zip]`: the zip of a function's folder, ready for `POST /deploy`. The packages that
 * its `package.json` depends on are put in, from wherever Node.js would find them.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundledDependencies } from './archive/bundled-dependencies.mjs';
import { zipOf } from './archive/zip-archive.mjs';
import { readCommandLine } from './setup/command-line.mjs';
import { filesUnder } from './setup/content-hash.mjs';
import { runScript } from './setup/script.mjs';
import { SetupError } from './setup/setup-error.mjs';

const {
  positionals: [folder = '', out],
} = readCommandLine({
  usage: `node scripts/zip.mjs <folder> [out.zip]

Makes the zip of a function's folder, ready for POST /deploy, in the directory where you are. The packages that its
package.json depends on are put in: run npm install in the folder first.`,
  positionals: ['<folder>', '[out.zip]'],
});

await runScript(async () => {
  const paths = await filesUnder(folder).catch((error) => {
    throw error instanceof SetupError ? error : new SetupError(`${folder} is not a folder that can be read.`);
  });
  const own = paths.map((file) => ({ path: file, file: path.join(folder, file) }));
  const files = [...own, ...(await bundledDependencies(folder))];
  const archive = zipOf(
    await Promise.all(
      files.map(async ({ path: place, file }) => ({ path: place, bytes: await readFile(file) })),
    ),
  );
  const target = out ?? `${path.basename(path.resolve(folder))}.zip`;
  await writeFile(target, archive);
  console.log(`${target}: ${archive.length} bytes`);
});
