import type { Bench, Row } from '../bench.js';
import { figure, median, p99, worst } from '../figure.js';
import { closed, open } from '../load/run-load.js';
import { callsOf, type CallTarget, deploy, HELLO_ZIP } from '../system/functions.js';
import { withFramework } from '../system/framework.js';
import { onlyAnswers } from './expectations.js';

/** Compiles the server's own code on the way of a call; a server that has run for a minute is past that. */
const WARM_UP_CALLS = 40;
/** Between a call to one and a call to the other: whatever the first set off has ended. */
const HALF_A_SECOND_MS = 500;

export const freshGentleRow: Row = {
  id: 'fresh-gentle',
  title: 'fresh, one call a second; functions-framework (no isolation) at the same rate, in turns with it',
  engines: 'each',
  needs: ['docker-run'],
  run: (bench) =>
    bench.withServer((server) =>
      withFramework(bench.signal, async (framework) => {
        await deploy(server, 'hello', HELLO_ZIP);
        const calls = callsOf(server, 'hello');
        bench.tell(`${WARM_UP_CALLS} calls to warm up`);
        for (const target of [framework, calls])
          await bench.load(closed({ ...target, connections: 2, calls: bench.size(WARM_UP_CALLS, 10) }));
        await bench.whenIdle(server);
        const seconds = bench.size(80, 8);
        bench.tell(`${seconds} calls to each, one a second`);
        const [fresh, hop] = await inTurns(bench, calls, framework, seconds);
        const plain = bench.measured('docker-run', 'one by one: median');
        const [freshMs, hopMs] = [median(fresh.latenciesMs), median(hop.latenciesMs)];
        return {
          figures: [
            figure('median', freshMs, 'ms', { atMost: 2.5 }),
            figure('functions-framework: median', hopMs, 'ms'),
            figure('median / functions-framework', freshMs / hopMs, 'x', { atMost: 1.6 }),
            figure('docker run / median', plain / freshMs, 'x', { atLeast: 120 }),
            figure('p99', p99(fresh.latenciesMs), 'ms', { atMost: 12 }),
            figure('worst', worst(fresh.latenciesMs), 'ms'),
            figure('functions-framework: worst', worst(hop.latenciesMs), 'ms'),
          ],
          samples: { 'call, ms': fresh.latenciesMs, 'functions-framework, ms': hop.latenciesMs },
          facts: { origins: fresh.origins, serverTimings: fresh.serverTimings },
        };
      }),
    ),
};

async function inTurns(bench: Bench, first: CallTarget, second: CallTarget, seconds: number) {
  const onePerSecond = (target: CallTarget) =>
    bench.load(open({ ...target, connections: 2, durationMs: seconds * 1_000, perSecond: 1 }));
  const ofFirst = onePerSecond(first);
  // Awaited below; it may not go unheard if the other load fails first.
  ofFirst.catch(() => undefined);
  await bench.pause(HALF_A_SECOND_MS);
  const ofSecond = onlyAnswers(await onePerSecond(second));
  return [onlyAnswers(await ofFirst), ofSecond] as const;
}
