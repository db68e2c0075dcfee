import path from 'node:path';
import { rm } from 'node:fs/promises';
import { figure, median, p99 } from '../figure.js';
import { closed } from '../load/run-load.js';
import { callsOf, deploy, HELLO_ZIP } from '../system/functions.js';
import { startByHand } from '../system/engine-start.js';
import { onlyAnswers, onlyOrigin } from './expectations.js';
import type { Row } from '../bench.js';

/** Nothing prewarmed and nothing ready: each call makes its container when it comes. */
const NOTHING_AHEAD = { GLAMBDAR_PREWARMED_CONTAINERS: '0', GLAMBDAR_POOL_CONTAINERS: '0' };
/** Long enough for the removal of the last container, which costs processor time too. */
const PAUSE_MS = 700;

export const coldRow: Row = {
  id: 'cold',
  title: 'fresh, nothing ready (cold) against the engine alone: create + start + connected worker',
  needs: [],
  run: (bench) =>
    bench.withServer(async (server) => {
      await deploy(server, 'hello', HELLO_ZIP);
      const call = () => bench.load(closed({ ...callsOf(server, 'hello'), connections: 1, calls: 1 }));
      // The container of the deploy's own check may be waiting for the first call.
      await call();
      const engineMs: number[] = [];
      const serverMs: number[] = [];
      const serverTimings: string[] = [];
      const rounds = bench.size(20, 3);
      for (let round = 0; round < rounds; round += 1) {
        await bench.pause(PAUSE_MS);
        const directory = path.join(server.directory, 'by-hand');
        engineMs.push((await startByHand(bench.engine, bench.image, directory)).tookMs);
        await rm(directory, { recursive: true });
        await bench.pause(PAUSE_MS);
        const result = onlyOrigin('cold', onlyAnswers(await call()));
        serverMs.push(...result.latenciesMs);
        serverTimings.push(...result.serverTimings);
        bench.tell(
          `${round + 1} of ${rounds}: engine ${median(engineMs).toFixed(0)} ms, call ${median(serverMs).toFixed(0)} ms`,
        );
      }
      return {
        figures: [
          figure('engine alone: median', median(engineMs), 'ms'),
          figure('engine alone: p99', p99(engineMs), 'ms'),
          figure('call: median', median(serverMs), 'ms'),
          figure('call: p99', p99(serverMs), 'ms'),
          figure('added by the server (median - median)', median(serverMs) - median(engineMs), 'ms', {
            atMost: 10,
          }),
        ],
        samples: { 'engine alone, ms': engineMs, 'call, ms': serverMs },
        facts: { serverTimings },
      };
    }, NOTHING_AHEAD),
};
