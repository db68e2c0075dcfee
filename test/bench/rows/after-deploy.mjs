import { figure } from '../figure.mjs';
import { closed } from '../load/run-load.mjs';
import { median, worst } from '../statistics.mjs';
import { deploy, undeploy } from '../system/deploying.mjs';
import { callsOf, HELLO_ZIP } from '../system/functions.mjs';
import { onlyAnswers, summed } from './expectations.mjs';

const PAUSE_MS = 1_000;

/** @type {import('../rows.mjs').Row} */
export const afterDeployRow = {
  id: 'after-deploy',
  title: 'fresh, first call 1 s after the deploy was answered',
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
