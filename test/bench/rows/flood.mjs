import { figure } from '../figure.mjs';
import { closed, open } from '../load/run-load.mjs';
import { median, p99 } from '../statistics.mjs';
import { deploy } from '../system/deploying.mjs';
import { callsOf, HELLO_ZIP, waitingZip } from '../system/functions.mjs';
import { onlyAnswers } from './expectations.mjs';
import { WARM } from './warm-settings.mjs';

/** The flooded function waits as for a database: its capacity is its containers', not the machine's. */
const WAIT_MS = 10;
const TIMES_CAPACITY = 10;
const FLOOD_CONNECTIONS = 400;
const CALLS_PER_SECOND = 100;

/** @type {import('../rows.mjs').Row} */
export const floodRow = {
  id: 'flood',
  title: `warm, ${CALLS_PER_SECOND} calls a second, while another warm function gets ${TIMES_CAPACITY} times its capacity`,
  needs: [],
  run: (bench) =>
    bench.withServer(async (server) => {
      await deploy(server, 'flooded', waitingZip(WAIT_MS), WARM);
      await deploy(server, 'other', HELLO_ZIP, WARM);
      const flooded = callsOf(server, 'flooded');
      const other = { ...callsOf(server, 'other'), connections: 50 };
      const durationMs = bench.size(10_000, 2_000);
      await bench.load(closed({ ...other, connections: 16, calls: 2_000 }));
      const capacityLoad = closed({ ...flooded, connections: 16, durationMs: 3_000, warmUpMs: 500 });
      const capacity = onlyAnswers(await bench.load(capacityLoad)).callsPerSecond;
      const steady = open({ ...other, durationMs, perSecond: CALLS_PER_SECOND });
      const quiet = onlyAnswers(await bench.load(steady));
      bench.tell(
        `capacity ${Math.round(capacity)} calls/s; quiet p99 ${p99(quiet.latenciesMs).toFixed(2)} ms`,
      );
      const flood = bench.load(
        open({
          ...flooded,
          connections: FLOOD_CONNECTIONS,
          durationMs: durationMs + FLOOD_LEAD_MS * 2,
          perSecond: Math.round(capacity * TIMES_CAPACITY),
        }),
      );
      // Awaited below; it may not go unheard if the steady load fails first.
      flood.catch(() => undefined);
      await bench.pause(FLOOD_LEAD_MS);
      const during = onlyAnswers(await bench.load(steady));
      const floodResult = await flood;
      return {
        figures: [
          figure('capacity of the flooded function', capacity, 'calls/s'),
          figure('sent to it', capacity * TIMES_CAPACITY, 'calls/s'),
          figure('answered by it', floodResult.callsPerSecond, 'calls/s'),
          figure("other's median, quiet", median(quiet.latenciesMs), 'ms'),
          figure("other's median, during the flood", median(during.latenciesMs), 'ms'),
          figure("other's p99, quiet", p99(quiet.latenciesMs), 'ms'),
          figure("other's p99, during the flood", p99(during.latenciesMs), 'ms'),
          figure("other's p99, flood / quiet", p99(during.latenciesMs) / p99(quiet.latenciesMs), 'x', {
            atMost: 3,
          }),
        ],
        samples: { "other's, quiet, ms": quiet.latenciesMs, "other's, flood, ms": during.latenciesMs },
        facts: {
          refused: floodResult.failures,
          generatorCpuPercent: floodResult.generatorCpuPercent,
        },
      };
    }),
};

/** The flood begins before the other's calls and ends after them. */
const FLOOD_LEAD_MS = 1_000;
