/** A server's directory in which many functions are deployed. */
import path from 'node:path';
import { deployUnchecked } from './deploying.mjs';
import { inLanes } from './docker-run.mjs';
import { HELLO_ZIP } from './functions.mjs';
import { Server } from './server.mjs';

const DEPLOYS_AT_A_TIME = 8;

/**
 * Deploys over the route, to a server whose engine cannot be reached: it takes the code without trying to load it,
 * which would make a container for each and take minutes. The server that is measured is started in the directory
 * afterwards, with an engine.
 * @param {import('../bench.mjs').Bench} bench
 * @param {string} directory
 * @param {number} count
 * @param {import('./deploying.mjs').FunctionSettings} settings
 */
export async function deployMany(bench, directory, count, settings) {
  const server = new Server({
    directory,
    environment: { ...bench.environment, DOCKER_HOST: `unix://${path.join(directory, 'no-engine.sock')}` },
    settings: {},
  });
  try {
    await server.ready(bench.signal, '/health/live');
    let deployed = 0;
    await inLanes(
      DEPLOYS_AT_A_TIME,
      () => deployed < count && !bench.signal.aborted,
      async () => {
        const name = `one-of-many-${deployed}`;
        deployed += 1;
        await deployUnchecked(server, name, HELLO_ZIP, settings);
        bench.tell(`${deployed} of ${count} functions deployed`);
      },
    );
  } finally {
    await server.stop();
  }
}
