import { figure } from '../figure.mjs';
import { closed, open } from '../load/run-load.mjs';
import { median, p99 } from '../statistics.mjs';
import { deploy, undeploy } from '../system/deploying.mjs';
import { callsOf, HELLO_ZIP, largeZip } from '../system/functions.mjs';
import { onlyAnswers } from './expectations.mjs';
import { WARM } from './warm-settings.mjs';

const ZIP_BYTES = 50_000_000;
const CALLS_PER_SECOND = 200;
/** Enough to send what is due while the server stands still for half a second. */
const CONNECTIONS = 100;
/** No figure was set for this one; what a flooded neighbour may cost is allowed here too. */
const P99_TIMES_QUIET = 3;

/** @type {import('../rows.mjs').Row} */
export const largeDeployRow = {
  id: 'large-deploy',
  title: `warm, ${CALLS_PER_SECOND} calls a second, while 50 MB zips deploy one after the other`,
  needs: [],
  run: async (bench) => {
    bench.tell('making the zip');
    const zip = largeZip(ZIP_BYTES);
    return bench.withServer(async (server) => {
      await deploy(server, 'hello', HELLO_ZIP, WARM);
      const calls = { ...callsOf(server, 'hello'), connections: CONNECTIONS };
      await bench.load(closed({ ...calls, connections: 16, calls: 2_000 }));
      const steady = open({ ...calls, durationMs: bench.size(8_000, 2_000), perSecond: CALLS_PER_SECOND });
      const quiet = onlyAnswers(await bench.load(steady));
      bench.tell(`quiet: p99 ${p99(quiet.latenciesMs).toFixed(2)} ms`);
      let isLoading = true;
      const loaded = bench.load(steady).finally(() => (isLoading = false));
      const deploysMs = [];
      while (isLoading) {
        const name = `large-${deploysMs.length}`;
        const startedAt = performance.now();
        await deploy(server, name, zip);
        deploysMs.push(performance.now() - startedAt);
        await undeploy(server, name);
        bench.tell(`${deploysMs.length} deploys, ${Math.round(median(deploysMs))} ms each`);
      }
      const during = onlyAnswers(await loaded);
      return {
        figures: [
          figure('quiet: median', median(quiet.latenciesMs), 'ms'),
          figure('quiet: p99', p99(quiet.latenciesMs), 'ms'),
          figure('while deploying: median', median(during.latenciesMs), 'ms'),
          figure('while deploying: p99', p99(during.latenciesMs), 'ms'),
          figure('p99 while deploying / quiet', p99(during.latenciesMs) / p99(quiet.latenciesMs), 'x', {
            atMost: P99_TIMES_QUIET,
          }),
          figure('deploy: median', median(deploysMs), 'ms'),
        ],
        samples: {
          'quiet, ms': quiet.latenciesMs,
          'while deploying, ms': during.latenciesMs,
          'deploy, ms': deploysMs,
        },
        facts: { zipBytes: zip.length },
      };
    });
  },
};
