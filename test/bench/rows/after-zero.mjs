import { figure } from '../figure.mjs';
import { closed } from '../load/run-load.mjs';
import { median, worst } from '../statistics.mjs';
import { deploy } from '../system/deploying.mjs';
import { callsOf, HELLO_ZIP } from '../system/functions.mjs';
import { onlyAnswers, onlyOrigin, summed } from './expectations.mjs';

const IDLE_SECONDS = 2;
/** Well past the idle time: what is at rest so long has been scaled down. */
const REST_MS = 5_000;

/** @type {import('../rows.mjs').Row} */
export const afterZeroRow = {
  id: 'after-zero',
  title: 'fresh, first call after scale to zero (prewarmed)',
  needs: [],
  run: (bench) =>
    bench.withServer(async (server) => {
      const names = Array.from({ length: bench.size(12, 3) }, (_, index) => `zero-${index}`);
      for (const name of names) await deploy(server, name, HELLO_ZIP, { idleTimeoutSeconds: IDLE_SECONDS });
      bench.tell(`${names.length} functions deployed; waiting until they have scaled to zero`);
      await bench.atRest(server, REST_MS);
      const results = [];
      for (const name of names) {
        const first = closed({ ...callsOf(server, name), connections: 1, calls: 1 });
        const result = onlyOrigin('prewarmed', onlyAnswers(await bench.load(first)));
        bench.tell(`${name}: ${result.latenciesMs[0]} ms`);
        results.push(result);
        // The prewarmed container that was used has been replaced.
        await bench.atRest(server);
      }
      const callsMs = results.flatMap(({ latenciesMs }) => latenciesMs);
      return {
        figures: [
          figure('first call: median', median(callsMs), 'ms', { atMost: 30 }),
          figure('first call: worst', worst(callsMs), 'ms', { atMost: 30 }),
        ],
        samples: { 'first call, ms': callsMs },
        facts: {
          origins: summed(results.map(({ origins }) => origins)),
          serverTimings: results.flatMap(({ serverTimings }) => serverTimings),
        },
      };
    }),
};
