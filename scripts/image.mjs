/**
 * `node scripts/image.mjs [runtime…]`: prints the references of the images of runtimes, and makes those that the engine
 * lacks.
 */
import { ensureEngine } from './engine/engine.mjs';
import { readCommandLine } from './setup/command-line.mjs';
import { runScript, SetupError } from './setup/script.mjs';
import { ensureBuild, ensureDependencies } from './setup/set-up.mjs';
import { DEFAULT_RUNTIME, readRuntime, RUNTIMES } from './worker-image/runtime-node.mjs';
import { ensureWorkerImage, imageReference } from './worker-image/worker-image.mjs';

const { values, positionals } = readCommandLine({
  usage: `node scripts/image.mjs [runtime…]

Sets up everything that npm start needs and starts nothing: packages, build, Docker Engine, and the images of these
runtimes (${DEFAULT_RUNTIME} if you name none). Prints the reference of each image. A running server finds them at once.

  --as=<reference>  sets up nothing and makes only the image, if that is still its reference: what a server asks for
                    that lacks it

Runtimes: ${RUNTIMES.join(', ')}`,
  options: { as: { type: 'string' } },
  positionals: RUNTIMES.map(() => '[runtime]'),
});

await runScript(async () => {
  const runtimes = (positionals.length === 0 ? [DEFAULT_RUNTIME] : positionals).map(readRuntime);
  if (values['as'] === undefined) {
    await ensureDependencies();
    await ensureBuild();
  } else if ((await imageReference(runtimes[0] ?? DEFAULT_RUNTIME)) !== values['as']) {
    throw new SetupError('The server has been rebuilt since it started: restart it.');
  }
  const { socketPath } = await ensureEngine();
  for (const runtime of runtimes) console.log(await ensureWorkerImage(socketPath, runtime));
});
