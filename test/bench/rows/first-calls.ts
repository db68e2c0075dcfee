import type { Row } from '../bench.js';
import { figure, median, worst } from '../figure.js';
import { closed } from '../load/run-load.js';
import { callsOf, deploy, HELLO_ZIP, undeploy } from '../system/functions.js';
import { onlyAnswers, onlyOrigin, summed } from './expectations.js';

const PAUSE_MS = 1_000;

export const afterDeployRow: Row = {
  id: 'after-deploy',
  title: 'fresh, first call 1 s after the deploy was answered',
  engines: 'each',
  needs: [],
  run: (bench) =>
    bench.withServer(async (server) => {
      const deploysMs = [];
      const results = [];
      const rounds = bench.size(12, 2);
      // The first round compiles the server's own code and is not counted.
      for (let round = 0; round <= rounds; round += 1) {
        const name = `first-${round}`;
        const startedAt = performance.now();
        await deploy(server, name, HELLO_ZIP);
        const deployMs = performance.now() - startedAt;
        await bench.pause(PAUSE_MS);
        const first = closed({ ...callsOf(server, name), connections: 1, calls: 1 });
        const result = onlyAnswers(await bench.load(first));
        await undeploy(server, name);
        if (round === 0) continue;
        deploysMs.push(deployMs);
        results.push(result);
        bench.tell(
          `${round} of ${rounds}: deploy ${Math.round(deployMs)} ms, call ${result.latenciesMs[0]} ms`,
        );
      }
      const callsMs = results.flatMap(({ latenciesMs }) => latenciesMs);
      return {
        figures: [
          figure('first call: median', median(callsMs), 'ms', { atMost: 10 }),
          figure('first call: worst', worst(callsMs), 'ms', { atMost: 10 }),
          figure('deploy: median', median(deploysMs), 'ms'),
        ],
        samples: { 'first call, ms': callsMs, 'deploy, ms': deploysMs },
        facts: { origins: summed(results.map(({ origins }) => origins)) },
      };
    }),
};

const IDLE_SECONDS = 2;
/** Well past the idle time: what is idle so long has been scaled down. */
const SETTLE_MS = 5_000;

export const afterZeroRow: Row = {
  id: 'after-zero',
  title: 'fresh, first call after scale to zero (prewarmed)',
  engines: 'each',
  needs: [],
  run: (bench) =>
    bench.withServer(async (server) => {
      const names = Array.from({ length: bench.size(12, 3) }, (_, index) => `zero-${index}`);
      for (const name of names) await deploy(server, name, HELLO_ZIP, { idleTimeoutSeconds: IDLE_SECONDS });
      bench.tell(`${names.length} functions deployed; waiting until they have scaled to zero`);
      await bench.whenIdle(server, SETTLE_MS);
      const results = [];
      for (const name of names) {
        const first = closed({ ...callsOf(server, name), connections: 1, calls: 1 });
        const result = onlyOrigin('prewarmed', onlyAnswers(await bench.load(first)));
        bench.tell(`${name}: ${result.latenciesMs[0]} ms`);
        results.push(result);
        // The prewarmed container that was used has been replaced.
        await bench.whenIdle(server);
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
