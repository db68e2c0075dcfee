import type { Row } from '../bench.js';
import { figure, median, p99, worst } from '../figure.js';
import { closed, open } from '../load/run-load.js';
import { callsOf, type CallTarget, deploy, HELLO_ZIP, undeploy } from '../system/functions.js';
import { withFramework } from '../system/framework.js';
import { BURST } from './docker-run.js';
import { onlyAnswers, summed } from './expectations.js';
import { idleHoldings, leaked } from './thousand.js';

const CONNECTIONS = 16;
const WARM_UP_MS = 2_000;

export const freshSaturatedRow: Row = {
  id: 'fresh-saturated',
  title: `fresh, saturated by ${CONNECTIONS} connections`,
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
      const { latenciesMs, callsPerSecond, failures, origins } = await bench.load(load);
      bench.tell(`${callsPerSecond.toFixed(2)} calls/s; waiting for the last removals`);
      await undeploy(server, 'hello');
      const after = await idleHoldings(bench, server);
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

/** The pool has forgotten the last burst's rate after a few of its half-lives. */
const SETTLE_MS = 5_000;

export const freshBurstRow: Row = {
  id: 'fresh-burst',
  title: `fresh, ${BURST} calls at once on an idle function`,
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
            atMost: 0.6,
          }),
        ],
        samples: { 'total, ms': totalsMs, 'call, ms': bursts.flatMap(({ latenciesMs }) => latenciesMs) },
        facts: { origins: summed(bursts.map(({ origins }) => origins)) },
      };
    }),
};

/** Compiles the server's own code on the way of a call; a server that has run for a minute is past that. */
const WARM_UP_CALLS = 40;

/** @typedef {CallTarget} CallTarget */

export const freshGentleRow: Row = {
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
      await bench.whenIdle(server);
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

function onePerSecond(calls: CallTarget, seconds: number) {
  return open({ ...calls, connections: 2, durationMs: seconds * 1_000, perSecond: 1 });
}
