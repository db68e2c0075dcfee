import { figure } from '../figure.mjs';
import { closed } from '../load/run-load.mjs';
import { median } from '../statistics.mjs';
import { deploy } from '../system/deploying.mjs';
import { callsOf, HELLO_ZIP } from '../system/functions.mjs';
import { BURST } from './docker-run.mjs';
import { onlyAnswers, summed } from './expectations.mjs';

/** The pool has forgotten the last burst's rate after a few of its half-lives. */
const IDLE_MS = 5_000;

/** @type {import('../rows.mjs').Row} */
export const freshBurstRow = {
  id: 'fresh-burst',
  title: `fresh, ${BURST} calls at once on an idle function`,
  needs: ['docker-run'],
  run: (bench) =>
    bench.withServer(async (server) => {
      await deploy(server, 'hello', HELLO_ZIP);
      const bursts = [];
      for (let round = 0; round < bench.size(5, 1); round += 1) {
        await bench.pause(bench.size(IDLE_MS, 0));
        await bench.atRest(server);
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
