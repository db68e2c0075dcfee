import path from 'node:path';
import { rm } from 'node:fs/promises';
import type { Bench, Row } from '../bench.js';
import { MeasuredDocker } from '../engines/docker.js';
import { figure, median, p99 } from '../figure.js';
import { closed } from '../load/run-load.js';
import { callsOf, deploy, HELLO_ZIP } from '../system/functions.js';
import type { Server } from '../system/server.js';
import { onlyAnswers, onlyOrigin } from './expectations.js';

/** Nothing prewarmed and nothing ready: each call makes its container when it comes. */
const NOTHING_AHEAD = { GLAMBDAR_PREWARMED_CONTAINERS: '0', GLAMBDAR_POOL_CONTAINERS: '0' };
/** Without anything of the last container, whose removal costs processor time too. */
const REST_MS = 300;
const OCI_MS = 75;
const GVISOR_MS = 400;

export const coldRow: Row = {
  id: 'cold',
  title:
    'fresh, nothing ready (cold); Docker Engine alone in turns with it: create + start + connected worker',
  engines: 'each',
  needs: [],
  run: (bench) =>
    bench.withServer(async (server) => {
      const { engine } = bench;
      return engine instanceof MeasuredDocker
        ? besideDocker(bench, engine, server)
        : alone(bench, server, OCI_MS);
    }, NOTHING_AHEAD),
};

export const coldGvisorRow: Row = {
  id: 'cold-gvisor',
  title: 'fresh, nothing ready (cold), with gVisor (runsc): a kernel of its own for every call',
  engines: 'oci',
  needs: [],
  run: (bench) =>
    bench.withServer((server) => alone(bench, server, GVISOR_MS), {
      ...NOTHING_AHEAD,
      GLAMBDAR_OCI_RUNTIME: 'runsc',
    }),
};

async function alone(bench: Bench, server: Server, atMost: number) {
  const call = await coldCalls(bench, server);
  const results = [];
  const rounds = bench.size(20, 3);
  for (let round = 1; round <= rounds; round += 1) {
    results.push(await call());
    bench.tell(`${round} of ${rounds}: ${results.at(-1)?.latenciesMs[0]} ms`);
  }
  const callsMs = results.flatMap(({ latenciesMs }) => latenciesMs);
  return {
    figures: [
      figure('call: median', median(callsMs), 'ms', { atMost }),
      figure('call: p99', p99(callsMs), 'ms'),
    ],
    samples: { 'call, ms': callsMs },
    facts: { serverTimings: results.flatMap(({ serverTimings }) => serverTimings) },
  };
}

async function besideDocker(bench: Bench, engine: MeasuredDocker, server: Server) {
  const call = await coldCalls(bench, server);
  const starts = [];
  const results = [];
  const rounds = bench.size(20, 3);
  for (let round = 1; round <= rounds; round += 1) {
    await atRest(bench, server);
    const directory = path.join(server.directory, 'by-hand');
    starts.push(await engine.startByHand(directory));
    await rm(directory, { recursive: true });
    results.push(await call());
    bench.tell(
      `${round} of ${rounds}: engine ${Math.round(starts.at(-1)?.tookMs ?? 0)} ms, call ${results.at(-1)?.latenciesMs[0]} ms`,
    );
  }
  const engineMs = starts.map(({ tookMs }) => tookMs);
  const callsMs = results.flatMap(({ latenciesMs }) => latenciesMs);
  const addedMs = callsMs.map((ms, index) => ms - (engineMs[index] ?? Number.NaN));
  return {
    figures: [
      figure('engine alone: median', median(engineMs), 'ms'),
      figure('engine alone: p99', p99(engineMs), 'ms'),
      figure('call: median', median(callsMs), 'ms'),
      figure('call: p99', p99(callsMs), 'ms'),
      figure('added by the server (median of the pairs)', median(addedMs), 'ms', { atMost: 10 }),
    ],
    samples: { 'engine alone, ms': engineMs, 'call, ms': callsMs, 'added, ms': addedMs },
    facts: { starts, serverTimings: results.flatMap(({ serverTimings }) => serverTimings) },
  };
}

/** @returns what makes one call to a function whose container is made for it */
async function coldCalls(bench: Bench, server: Server) {
  await deploy(server, 'hello', HELLO_ZIP);
  const load = closed({ ...callsOf(server, 'hello'), connections: 1, calls: 1 });
  // The container of the deploy's own check may be waiting for the first call.
  await bench.load(load);
  return async () => {
    await atRest(bench, server);
    return onlyOrigin('cold', onlyAnswers(await bench.load(load)));
  };
}

function atRest(bench: Bench, server: Server) {
  return bench.whenIdle(server, REST_MS);
}
