/** `node scripts/image.mjs`: prints the worker image's reference and makes the image if the engine lacks it. */
import { ensureEngine } from './engine/engine.mjs';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { runScript } from './setup/script.mjs';
import { ensureWorkerImage } from './worker-image/worker-image.mjs';

await runScript(async () => {
  await ensureDependencies();
  await ensureBuild();
  const { socketPath } = await ensureEngine();
  console.log(await ensureWorkerImage(socketPath));
});
