import Docker from 'dockerode';
import { installationLabels } from '../../../src/container/engine/docker/labels.js';
import { engineSocketPath } from '../../support/engine-socket.js';

const docker = new Docker({ socketPath: engineSocketPath });

/** Names of an installation's containers, whatever their state. */
export async function containersOf(installationId: string): Promise<string[]> {
  const label = Object.entries(installationLabels(installationId)).map(([key, value]) => `${key}=${value}`);
  const listed = await docker.listContainers({ all: true, filters: { label } });
  return listed.map(({ Names }) => Names.join());
}
