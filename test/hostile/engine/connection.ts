import { join } from 'node:path';
import { EngineProxy, engineFaults } from '../../support/docker-engine.js';
import type { Trial } from '../trial.js';
import { withServer } from '../with-server.js';
import { settingsOfFaults, survives } from './survives.js';

/** The Docker Engine behind a connection that fails in each way. */
export async function behindFaultyConnection(trial: Trial, directory: string): Promise<void> {
  const proxy = new EngineProxy(join(directory, 'engine.sock'));
  await proxy.bringUp();
  const settings = { ...settingsOfFaults, GLAMBDAR_DOCKER_SOCKET: proxy.socketPath };
  try {
    await withServer(trial, { settings }, async (server) => {
      await server.client.deploy('fresh', `exports.handler = () => 'fresh';`);
      for (let round = 0; round < trial.count; round += 1)
        for (const fault of engineFaults)
          await trial.case(`the real engine's connection: ${fault}`, () =>
            survives(server, {
              begin: () => (proxy.fault = fault),
              end: () => (proxy.fault = 'none'),
            }),
          );
    });
  } finally {
    proxy.takeDown();
  }
}
