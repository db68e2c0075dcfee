import { figure } from '../figure.mjs';
import { closed, open } from '../load/run-load.mjs';
import { median, p99, worst } from '../statistics.mjs';
import { deploy } from '../system/deploying.mjs';
import { callsOf, HELLO_ZIP } from '../system/functions.mjs';
import { onlyAnswers } from './expectations.mjs';

/** Compiles the server's own code on the way of a call; a server that has run for a minute is past that. */
const WARM_UP_CALLS = 40;

/** @type {import('../rows.mjs').Row} */
export const freshGentleRow = {
  id: 'fresh-gentle',
  title: 'fresh, one call a second',
  needs: ['docker-run'],
  run: (bench) =>
    bench.withServer(async (server) => {
      await deploy(server, 'hello', HELLO_ZIP);
      const calls = callsOf(server, 'hello');
      bench.tell(`${WARM_UP_CALLS} calls to warm up`);
      await bench.load(closed({ ...calls, connections: 2, calls: bench.size(WARM_UP_CALLS, 10) }));
      await bench.atRest(server);
      const seconds = bench.size(100, 8);
      bench.tell(`${seconds} calls, one a second`);
      const load = open({ ...calls, connections: 2, durationMs: seconds * 1_000, perSecond: 1 });
      const { latenciesMs, origins, serverTimings } = onlyAnswers(await bench.load(load));
      const plain = bench.measured('docker-run', 'one by one: median');
      return {
        figures: [
          figure('median', median(latenciesMs), 'ms', { atMost: 2.5 }),
          figure('docker run / median', plain / median(latenciesMs), 'x', { atLeast: 120 }),
          figure('p99', p99(latenciesMs), 'ms', { atMost: 12 }),
          figure('worst', worst(latenciesMs), 'ms'),
        ],
        samples: { 'call, ms': latenciesMs },
        facts: { origins, serverTimings },
      };
    }),
};
