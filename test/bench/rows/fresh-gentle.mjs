import { figure } from '../figure.mjs';
import { closed, open } from '../load/run-load.mjs';
import { median, p99, worst } from '../statistics.mjs';
import { deploy } from '../system/deploying.mjs';
import { withFramework } from '../system/framework.mjs';
import { callsOf, HELLO_ZIP } from '../system/functions.mjs';
import { onlyAnswers } from './expectations.mjs';

/** Compiles the server's own code on the way of a call; a server that has run for a minute is past that. */
const WARM_UP_CALLS = 40;

/** @typedef {import('../system/functions.mjs').CallTarget} CallTarget */

/** @type {import('../rows.mjs').Row} */
export const freshGentleRow = {
  id: 'fresh-gentle',
  title: 'fresh, one call a second; functions-framework (no isolation) at the same rate',
  needs: ['docker-run'],
  run: async (bench) => {
    const framework = await withFramework(bench.signal, async (calls) => {
      await bench.load(closed({ ...calls, connections: 2, calls: bench.size(WARM_UP_CALLS, 10) }));
      const seconds = bench.size(30, 4);
      bench.tell(`functions-framework: ${seconds} calls, one a second`);
      return onlyAnswers(await bench.load(onePerSecond(calls, seconds)));
    });
    return bench.withServer(async (server) => {
      await deploy(server, 'hello', HELLO_ZIP);
      const calls = callsOf(server, 'hello');
      bench.tell(`${WARM_UP_CALLS} calls to warm up`);
      await bench.load(closed({ ...calls, connections: 2, calls: bench.size(WARM_UP_CALLS, 10) }));
      await bench.atRest(server);
      const seconds = bench.size(100, 8);
      bench.tell(`${seconds} calls, one a second`);
      const { latenciesMs, origins, serverTimings } = onlyAnswers(
        await bench.load(onePerSecond(calls, seconds)),
      );
      const plain = bench.measured('docker-run', 'one by one: median');
      return {
        figures: [
          figure('median', median(latenciesMs), 'ms', { atMost: 2.5 }),
          figure('docker run / median', plain / median(latenciesMs), 'x', { atLeast: 120 }),
          figure('p99', p99(latenciesMs), 'ms', { atMost: 12 }),
          figure('worst', worst(latenciesMs), 'ms'),
          figure('functions-framework: median', median(framework.latenciesMs), 'ms'),
          figure('functions-framework: worst', worst(framework.latenciesMs), 'ms'),
        ],
        samples: { 'call, ms': latenciesMs, 'functions-framework, ms': framework.latenciesMs },
        facts: { origins, serverTimings },
      };
    });
  },
};

/** @param {CallTarget} calls @param {number} seconds */
function onePerSecond(calls, seconds) {
  return open({ ...calls, connections: 2, durationMs: seconds * 1_000, perSecond: 1 });
}
