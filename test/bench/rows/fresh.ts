import type { Bench, Row } from '../bench.js';
import { figure, median, p99 } from '../figure.js';
import { closed } from '../load/run-load.js';
import { loopDelayOf } from '../system/event-loop.js';
import { callsOf, deploy, HELLO_ZIP, undeploy } from '../system/functions.js';
import { BURST } from './docker-run.js';
import { onlyAnswers, summed } from './expectations.js';
import { idleHoldings, leaked } from './thousand.js';

const CONNECTIONS = 16;
const WARM_UP_MS = 2_000;
const PER_SECOND = 'calls per second';
/** How often the rate of a saturated `docker run` loop is to be reached, and our own over Docker Engine. */
const TIMES_DOCKER_RUN = { docker: 1.8, oci: 6 };
const TIMES_DOCKER = 2.4;
/** Beyond it a server counts as held up (docs/metrics.md). */
const LOOP_DELAY_MS = 100;

export const freshSaturatedRow: Row = {
  id: 'fresh-saturated',
  title: `fresh, saturated by ${CONNECTIONS} connections`,
  engines: 'each',
  needs: ['docker-run'],
  run: (bench) =>
    bench.withServer(async (server) => {
      const before = await idleHoldings(bench, server);
      await deploy(server, 'hello', HELLO_ZIP);
      const calls = bench.size(500, 24);
      bench.tell(`${calls} calls`);
      const load = closed({
        ...callsOf(server, 'hello'),
        connections: CONNECTIONS,
        calls,
        warmUpMs: bench.size(WARM_UP_MS, 0),
      });
      await loopDelayOf(server);
      const { latenciesMs, callsPerSecond, failures, origins } = await bench.load(load);
      const loopDelay = await loopDelayOf(server);
      bench.tell(`${callsPerSecond.toFixed(2)} calls/s; waiting for the last removals`);
      await undeploy(server, 'hello');
      const after = await idleHoldings(bench, server);
      const errors = Object.values(failures).reduce((sum, count) => sum + count, 0);
      const plain = bench.measured('docker-run', 'saturated, 4 at a time');
      const { id } = bench.engine;
      return {
        figures: [
          figure('calls', latenciesMs.length, ''),
          figure(PER_SECOND, callsPerSecond, 'calls/s'),
          figure(`${PER_SECOND} / docker run`, callsPerSecond / plain, 'x', {
            atLeast: TIMES_DOCKER_RUN[id],
          }),
          ...againstDocker(bench, callsPerSecond),
          figure('errors', errors, '', { atMost: 0 }),
          figure('median', median(latenciesMs), 'ms'),
          figure('p99', p99(latenciesMs), 'ms'),
          figure("delay of the server's event loop: p99", loopDelay.p99Ms, 'ms', { atMost: LOOP_DELAY_MS }),
          figure("delay of the server's event loop: worst", loopDelay.worstMs, 'ms'),
          ...leaked(before, after),
        ],
        samples: { 'call, ms': latenciesMs },
        facts: { origins, failures, before, after },
      };
    }),
};

/** Only where Docker Engine was measured as well, in this very run. */
function againstDocker(bench: Bench, callsPerSecond: number) {
  const { engine, engines } = bench;
  if (engine.id === 'docker' || !engines.some(({ id }) => id === 'docker')) return [];
  const docker = bench.measured('fresh-saturated', PER_SECOND, 'docker');
  return [
    figure(`${PER_SECOND} / over Docker Engine`, callsPerSecond / docker, 'x', { atLeast: TIMES_DOCKER }),
  ];
}

/** The share of a burst of `docker run` that a burst may take. */
const SHARE_OF_DOCKER_RUN = { docker: 0.6, oci: 0.12 };
/** The pool has forgotten the last burst's rate after a few of its half-lives. */
const SETTLE_MS = 5_000;

export const freshBurstRow: Row = {
  id: 'fresh-burst',
  title: `fresh, ${BURST} calls at once on an idle function`,
  engines: 'each',
  needs: ['docker-run'],
  run: (bench) =>
    bench.withServer(async (server) => {
      await deploy(server, 'hello', HELLO_ZIP);
      const bursts = [];
      for (let round = 0; round < bench.size(5, 1); round += 1) {
        await bench.pause(bench.size(SETTLE_MS, 0));
        await bench.whenIdle(server);
        const burst = closed({ ...callsOf(server, 'hello'), connections: BURST, calls: BURST });
        bursts.push(onlyAnswers(await bench.load(burst)));
        bench.tell(`burst ${round + 1}: ${Math.round(bursts.at(-1)?.spanMs ?? 0)} ms`);
      }
      const totalsMs = bursts.map(({ spanMs }) => spanMs);
      const plainSeconds = bench.measured('docker-run', `${BURST} calls, 4 at a time: total`);
      return {
        figures: [
          figure('answered', Math.min(...bursts.map(({ latenciesMs }) => latenciesMs.length)), '', {
            atLeast: BURST,
          }),
          figure('total: median', median(totalsMs) / 1_000, 's'),
          figure('total: worst', Math.max(...totalsMs) / 1_000, 's'),
          figure(`total / ${BURST} docker run, 4 at a time`, median(totalsMs) / 1_000 / plainSeconds, 'x', {
            atMost: SHARE_OF_DOCKER_RUN[bench.engine.id],
          }),
        ],
        samples: { 'total, ms': totalsMs, 'call, ms': bursts.flatMap(({ latenciesMs }) => latenciesMs) },
        facts: { origins: summed(bursts.map(({ origins }) => origins)) },
      };
    }),
};
