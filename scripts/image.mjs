/** `node scripts/image.mjs`: prints the worker image's reference and makes the image if the engine lacks it. */
import { ensureEngine } from './engine/engine.mjs';
import { ensureBuild, ensureDependencies } from './setup/set-up.mjs';
import { readCommandLine } from './setup/command-line.mjs';
import { runScript } from './setup/script.mjs';
import { ensureWorkerImage } from './worker-image/worker-image.mjs';

readCommandLine({
  usage: `node scripts/image.mjs

Sets up everything that npm start needs and starts nothing: packages, build, Docker Engine, worker image. Prints the
reference of the image.`,
});

await runScript(async () => {
  await ensureDependencies();
  await ensureBuild();
  const { socketPath } = await ensureEngine();
  console.log(await ensureWorkerImage(socketPath));
});
