import type { Row } from '../bench.js';
import { figure } from '../figure.js';
import { closed } from '../load/run-load.js';
import { othersCpuMs } from '../system/cpu-time.js';
import { callsOf, deploy, HELLO_ZIP } from '../system/functions.js';
import { onlyAnswers } from './expectations.js';

const CONNECTIONS = 16;
/** The server's own code is compiled after these. */
const WARM_UP_CALLS = 32;
const OCI_MS = 70;

/**
 * From an idle server to an idle one: what creates, refills and removes counts, whenever it does so. What else the
 * machine does counts, too, so it has to be quiet.
 */
export const freshCpuRow: Row = {
  id: 'fresh-cpu',
  title: `fresh, CPU time of a call over all processes of the machine but the load generator, at ${CONNECTIONS} connections`,
  engines: 'each',
  needs: [],
  run: (bench) =>
    bench.withServer(async (server) => {
      await deploy(server, 'hello', HELLO_ZIP);
      const target = { ...callsOf(server, 'hello'), connections: CONNECTIONS };
      onlyAnswers(await bench.load(closed({ ...target, calls: bench.size(WARM_UP_CALLS, 4) })));
      await bench.whenIdle(server);
      const rounds: number[] = [];
      for (let round = 1; round <= bench.size(2, 1); round += 1) {
        const before = await othersCpuMs();
        const { latenciesMs } = onlyAnswers(
          await bench.load(closed({ ...target, calls: bench.size(120, 24) })),
        );
        await bench.whenIdle(server);
        rounds.push(((await othersCpuMs()) - before) / latenciesMs.length);
        bench.tell(`round ${round}: ${Math.round(rounds.at(-1) ?? 0)} ms a call`);
      }
      const mean = rounds.reduce((sum, ms) => sum + ms, 0) / rounds.length;
      return {
        figures: [
          figure(
            'CPU time of a call',
            mean,
            'ms',
            bench.engine.id === 'oci' ? { atMost: OCI_MS } : undefined,
          ),
        ],
        samples: { 'round, ms a call': rounds },
      };
    }),
};
