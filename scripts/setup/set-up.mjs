/** Everything that has to be there before a server or a real-Docker test can run. */
import { ensureEngine } from '../engine/engine.mjs';
import { ensureWorkerImage } from '../worker-image/worker-image.mjs';
import { ensureBuild } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';

/** @typedef {import('../engine/engine.mjs').Engine} Engine */

/**
 * Sets up what is missing: dependencies, build, engine, worker image. What is there already costs next to nothing.
 * @returns {Promise<{ engine: Engine, environment: NodeJS.ProcessEnv }>} the engine, and what tells the server of it
 */
export async function setUp() {
  await ensureDependencies();
  await ensureBuild();
  const engine = await ensureEngine();
  try {
    const image = process.env['GLAMBDAR_WORKER_IMAGE'] || (await ensureWorkerImage(engine.socketPath));
    return {
      engine,
      environment: { GLAMBDAR_WORKER_IMAGE: image, DOCKER_HOST: `unix://${engine.socketPath}` },
    };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}
