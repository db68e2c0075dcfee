import type { Bench, Row } from '../bench.js';
import { figure, median, p99 } from '../figure.js';
import { closed, open, type OpenLoad } from '../load/run-load.js';
import { callsOf, deploy, HELLO_ZIP, largeZip, undeploy, waitingZip, WARM } from '../system/functions.js';
import type { Server } from '../system/server.js';
import { onlyAnswers } from './expectations.js';

/** The flooded function waits as for a database: its capacity is its containers', not the machine's. */
const WAIT_MS = 10;
const TIMES_CAPACITY = 10;
const FLOOD_CONNECTIONS = 400;
const CALLS_PER_SECOND = 100;

export const floodRow: Row = {
  id: 'flood',
  title: `warm, ${CALLS_PER_SECOND} calls a second, while another warm function gets ${TIMES_CAPACITY} times its capacity`,
  engines: 'first',
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

const ZIP_BYTES = 50_000_000;
const STEADY_PER_SECOND = 200;
/** Enough to send what is due while the server stands still for half a second. */
const CONNECTIONS = 100;
/** The server looks for what is surplus once a second. */
const REST_MS = 3_000;
const QUIET_ATTEMPTS = 3;
const P99_TIMES_QUIET = 3;

export const largeDeployRow: Row = {
  id: 'large-deploy',
  title: `warm, ${STEADY_PER_SECOND} calls a second, while 50 MB zips deploy one after the other`,
  engines: 'first',
  needs: [],
  run: async (bench) => {
    bench.tell('making the zip');
    const zip = largeZip(ZIP_BYTES);
    return bench.withServer(async (server) => {
      await deploy(server, 'hello', HELLO_ZIP, WARM);
      const calls = { ...callsOf(server, 'hello'), connections: CONNECTIONS };
      onlyAnswers(await bench.load(closed({ ...calls, connections: 16, calls: 2_000 })));
      const steady = open({ ...calls, durationMs: bench.size(8_000, 2_000), perSecond: STEADY_PER_SECOND });
      // Containers that the warm-up made beyond what is needed now are removed, and the first large zip, which grows the
      // heap of the server and starts the thread for code, is over: neither belongs to the quiet time.
      await deploy(server, 'large', zip);
      await undeploy(server, 'large');
      const quiet = await quietly(bench, server, steady);
      bench.tell(`quiet: p99 ${p99(quiet.latenciesMs).toFixed(2)} ms`);
      const loading = { isOver: false };
      const loaded = bench.load(steady).finally(() => (loading.isOver = true));
      const deploysMs: number[] = [];
      while (!loading.isOver) {
        const name = `large-${deploysMs.length}`;
        const startedAt = performance.now();
        await deploy(server, name, zip);
        deploysMs.push(performance.now() - startedAt);
        await undeploy(server, name);
        bench.tell(`${deploysMs.length} deploys, ${Math.round(median(deploysMs))} ms each`);
      }
      const during = onlyAnswers(await loaded);
      return {
        figures: [
          figure('quiet: median', median(quiet.latenciesMs), 'ms'),
          figure('quiet: p99', p99(quiet.latenciesMs), 'ms'),
          figure('while deploying: median', median(during.latenciesMs), 'ms'),
          figure('while deploying: p99', p99(during.latenciesMs), 'ms'),
          figure('p99 while deploying / quiet', p99(during.latenciesMs) / p99(quiet.latenciesMs), 'x', {
            atMost: P99_TIMES_QUIET,
          }),
          figure('deploy: median', median(deploysMs), 'ms'),
        ],
        samples: {
          'quiet, ms': quiet.latenciesMs,
          'while deploying, ms': during.latenciesMs,
          'deploy, ms': deploysMs,
        },
        facts: { zipBytes: zip.length },
      };
    });
  },
};

/** A load during which the server made and removed no container: otherwise calls may have waited for one. */
async function quietly(bench: Bench, server: Server, steady: OpenLoad) {
  for (let attempt = 1; attempt <= QUIET_ATTEMPTS; attempt += 1) {
    const before = await bench.whenIdle(server, REST_MS);
    const quiet = onlyAnswers(await bench.load(steady));
    const after = await bench.engine.containersOf(server.directory);
    if (before.join() === after.join()) return quiet;
    bench.tell('containers came or went in the quiet time: once more');
  }
  throw new Error('The server was never quiet: its containers kept changing.');
}
