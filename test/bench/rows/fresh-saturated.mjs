import { figure } from '../figure.mjs';
import { closed } from '../load/run-load.mjs';
import { median, p99 } from '../statistics.mjs';
import { deploy, undeploy } from '../system/deploying.mjs';
import { callsOf, HELLO_ZIP } from '../system/functions.mjs';
import { holdingsAtRest, leaked } from './holdings.mjs';

const CONNECTIONS = 16;
const WARM_UP_MS = 2_000;

/** @type {import('../rows.mjs').Row} */
export const freshSaturatedRow = {
  id: 'fresh-saturated',
  title: `fresh, saturated by ${CONNECTIONS} connections`,
  needs: ['docker-run'],
  run: (bench) =>
    bench.withServer(async (server) => {
      const before = await holdingsAtRest(bench, server);
      await deploy(server, 'hello', HELLO_ZIP);
      const calls = bench.size(500, 24);
      bench.tell(`${calls} calls`);
      const load = closed({
        ...callsOf(server, 'hello'),
        connections: CONNECTIONS,
        calls,
        warmUpMs: bench.size(WARM_UP_MS, 0),
      });
      const { latenciesMs, callsPerSecond, failures, origins } = await bench.load(load);
      bench.tell(`${callsPerSecond.toFixed(2)} calls/s; waiting for the last removals`);
      await undeploy(server, 'hello');
      const after = await holdingsAtRest(bench, server);
      const errors = Object.values(failures).reduce((sum, count) => sum + count, 0);
      const plain = bench.measured('docker-run', 'saturated, 4 at a time');
      return {
        figures: [
          figure('calls', latenciesMs.length, ''),
          figure('calls per second', callsPerSecond, 'calls/s'),
          figure('calls per second / docker run', callsPerSecond / plain, 'x', { atLeast: 1.8 }),
          figure('errors', errors, '', { atMost: 0 }),
          figure('median', median(latenciesMs), 'ms'),
          figure('p99', p99(latenciesMs), 'ms'),
          ...leaked(before, after),
        ],
        samples: { 'call, ms': latenciesMs },
        facts: { origins, failures, before, after },
      };
    }),
};
