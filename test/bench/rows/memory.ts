import { figure, median } from '../figure.js';
import { deploy, HELLO_ZIP } from '../system/functions.js';
import { launcherMiB, proportionalMiB, residentMiB } from '../system/server.js';
import type { Server } from '../system/server.js';
import type { Bench, Row } from '../bench.js';

const READY = 4;
const MEBIBYTE = 1_048_576;

export const memoryRow: Row = {
  id: 'memory',
  title: `memory of a server with one function and of its ${READY} ready containers`,
  engines: 'each',
  needs: [],
  run: (bench) =>
    bench.withServer(
      async (server) => {
        await deploy(server, 'hello', HELLO_ZIP, { minContainers: READY, maxContainers: READY });
        const containers = await bench.whenIdle(server, SETTLE_MS);
        if (containers.length < READY)
          throw new Error(`${containers.length} of ${READY} containers are ready.`);
        const charged = [];
        const proportional = [];
        for (const id of containers) {
          charged.push((await bench.engine.memoryBytes(id)) / MEBIBYTE);
          proportional.push(
            await proportionalMiB(await bench.engine.mainProcess(id)).catch(() => Number.NaN),
          );
        }
        return {
          figures: [
            figure('container: charged to its limit', median(charged), 'MiB'),
            figure('container: share of physical memory', median(proportional), 'MiB'),
            figure('server', await residentMiB(server.pid), 'MiB'),
            ...(await launcherFigures(bench, server)),
          ],
          samples: { 'charged, MiB': charged, 'proportional, MiB': proportional },
        };
      },
      { GLAMBDAR_PREWARMED_CONTAINERS: '0' },
    ),
};

const SETTLE_MS = 3_000;

/** Of its own, because Docker Engine's processes, too, hold memory beside the server. */
export async function launcherFigures({ engine }: Bench, server: Server) {
  return engine.id === 'oci' ? [figure('launcher beside it', await launcherMiB(server.pid), 'MiB')] : [];
}
