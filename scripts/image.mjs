/**
 * `node scripts/image.mjs [image…]`: prints the references of images, and makes those that are missing.
 */
import { ensureEngine } from './engine/engine.mjs';
import { readCommandLine } from './setup/command-line.mjs';
import { runScript, SetupError } from './setup/script.mjs';
import { ensureBuild, ensureDependencies } from './setup/set-up.mjs';
import { BUILD_IMAGES, DEFAULT_RUNTIME, readImageName, RUNTIMES } from './worker-image/runtime-node.mjs';
import { ensureImage, imageReference } from './worker-image/worker-image.mjs';

const { values, positionals } = readCommandLine({
  usage: `node scripts/image.mjs [image…]

Sets up everything that npm start needs and starts nothing: packages, build, the engine, and these images
(${DEFAULT_RUNTIME} if you name none). Prints the reference of each image. A running server finds them at once.

  --as=<reference>  sets up nothing and makes only the image, if that is still its reference: what a server asks for
                    that lacks it

Images of runtimes: ${RUNTIMES.join(', ')}
Images of builds: ${BUILD_IMAGES.join(', ')}`,
  options: { as: { type: 'string' } },
  positionals: [...RUNTIMES, ...BUILD_IMAGES].map(() => '[image]'),
});

await runScript(async () => {
  const names = (positionals.length === 0 ? [DEFAULT_RUNTIME] : positionals).map(readImageName);
  const wanted = values['as'];
  if (wanted === undefined) {
    await ensureDependencies();
    await ensureBuild();
  }
  const { images } = await ensureEngine();
  if (wanted !== undefined)
    requireOwn(String(wanted), await imageReference(images, names[0] ?? DEFAULT_RUNTIME));
  for (const name of names) console.log(await ensureImage(images, name));
});

/**
 * Refuses to make what is not this project's image of today.
 * @param {string} wanted
 * @param {string} own
 */
function requireOwn(wanted, own) {
  if (wanted === own) return;
  const isOfAnotherBuild = wanted.startsWith(`${own.slice(0, own.lastIndexOf(':'))}:`);
  throw new SetupError(
    isOfAnotherBuild
      ? 'The server has been rebuilt since it started: restart it.'
      : `${wanted} is an image of your own, which nothing here can make: build it, or take away the setting that names it.`,
  );
}
