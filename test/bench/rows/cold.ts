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
    await atRest(bench, server);
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

/**
 * What the engine needs for its own part differs by more from one container to the next than the server adds: so its
 * create and start are taken off each call, as they took in that call, and off each container made by hand.
 */
async function besideDocker(bench: Bench, engine: MeasuredDocker, server: Server) {
  const call = await coldCalls(bench, server);
  const starts = [];
  const calls = [];
  const rounds = bench.size(20, 3);
  for (let round = 1; round <= rounds; round += 1) {
    await atRest(bench, server);
    const directory = path.join(server.directory, 'by-hand');
    starts.push(await engine.startByHand(directory));
    await rm(directory, { recursive: true });
    await atRest(bench, server);
    const before = await engineTimes(server);
    const { latenciesMs, serverTimings } = await call();
    const after = await engineTimes(server);
    calls.push({
      tookMs: latenciesMs[0] ?? Number.NaN,
      createMs: after.create - before.create,
      attachMs: after.attach - before.attach,
      startMs: after.start - before.start,
      serverTiming: serverTimings[0] ?? '',
    });
    bench.tell(`${round} of ${rounds}: engine ${took(starts)} ms, call ${took(calls)} ms`);
  }
  const [engineMs, callsMs] = [starts, calls].map((all) => all.map(({ tookMs }) => tookMs)) as [
    number[],
    number[],
  ];
  return {
    figures: [
      figure('engine alone: median', median(engineMs), 'ms'),
      figure('engine alone: p99', p99(engineMs), 'ms'),
      figure('call: median', median(callsMs), 'ms'),
      figure('call: p99', p99(callsMs), 'ms'),
      figure('engine alone, after create and start: median', median(starts.map(besideEngine)), 'ms'),
      figure('call, without create and start: median', median(calls.map(besideEngine)), 'ms'),
      figure(
        'added by the server (difference of these two)',
        median(calls.map(besideEngine)) - median(starts.map(besideEngine)),
        'ms',
        { atMost: 10 },
      ),
      figure('of that, listening to its output: median', median(calls.map(({ attachMs }) => attachMs)), 'ms'),
    ],
    samples: { 'engine alone, ms': engineMs, 'call, ms': callsMs },
    facts: { starts, calls },
  };
}

function took(all: readonly { readonly tookMs: number }[]) {
  return Math.round(median(all.map(({ tookMs }) => tookMs)));
}

function besideEngine({ tookMs, createMs, startMs }: { tookMs: number; createMs: number; startMs: number }) {
  return tookMs - createMs - startMs;
}

/** How long the engine has taken altogether for what the server asked of it, in milliseconds, as the server's metrics say. */
async function engineTimes({ client }: Server) {
  const { text } = await client.get('/metrics');
  const sumOf = (call: string) => {
    const series = `glambdar_engine_call_duration_seconds_sum{call="${call}"} `;
    const line = text.split('\n').find((found) => found.startsWith(series));
    return Number(line?.slice(series.length)) * 1_000;
  };
  return { create: sumOf('create'), attach: sumOf('attach'), start: sumOf('start') };
}

/** @returns what makes one call to a function whose container is made for it */
async function coldCalls(bench: Bench, server: Server) {
  await deploy(server, 'hello', HELLO_ZIP);
  const load = closed({ ...callsOf(server, 'hello'), connections: 1, calls: 1 });
  // The container of the deploy's own check may be waiting for the first call.
  await bench.load(load);
  return async () => onlyOrigin('cold', onlyAnswers(await bench.load(load)));
}

function atRest(bench: Bench, server: Server) {
  return bench.whenIdle(server, REST_MS);
}
