import path from 'node:path';
import type { Bench, Row } from '../bench.js';
import { figure, median, p99 } from '../figure.js';
import { closed, open } from '../load/run-load.js';
import { callsOf, deploy, type FunctionSettings, HELLO_ZIP, WARM } from '../system/functions.js';
import {
  makeServerDirectory,
  openFiles,
  removeServerDirectory,
  residentMiB,
  Server,
} from '../system/server.js';
import { inParallel } from './docker-run.js';
import { onlyAnswers } from './expectations.js';
import { launcherFigures } from './memory.js';

const DEPLOYS_AT_A_TIME = 8;

/**
 * Deploys over the route, to a server whose engine cannot be reached: it takes the code without trying to load it,
 * which would make a container for each and take minutes. The server that is measured is started in the directory
 * afterwards, with an engine.
 */
async function deployMany(bench: Bench, directory: string, count: number, settings: FunctionSettings) {
  const server = new Server({
    directory,
    environment: {},
    settings: { DOCKER_HOST: `unix://${path.join(directory, 'no-engine.sock')}` },
  });
  try {
    await server.ready(bench.signal, '/health/live');
    let deployed = 0;
    await inParallel(
      DEPLOYS_AT_A_TIME,
      () => deployed < count && !bench.signal.aborted,
      async () => {
        const name = `one-of-many-${deployed}`;
        deployed += 1;
        await server.client.deploy(name, HELLO_ZIP, settings);
        bench.tell(`${deployed} of ${count} functions deployed`);
      },
    );
  } finally {
    await server.stop();
  }
}

/** What a server holds on to: compared before and after a load, it shows what leaks. */
interface Holdings {
  readonly containers: number;
  readonly socketDirectories: number;
  /** NaN where the system does not tell. */
  readonly openFiles: number;
  /** NaN where the system does not tell. */
  readonly residentMiB: number;
}

/** Kept connections, to the engine and from clients, come and go. */
const OPEN_FILES_TOLERANCE = 8;

/** @returns once its containers are idle */
export async function idleHoldings(bench: Bench, server: Server): Promise<Holdings> {
  const containers = await bench.whenIdle(server, SETTLE_MS);
  const unknown = () => Number.NaN;
  return {
    containers: containers.length,
    socketDirectories: await server.socketDirectories(),
    openFiles: await openFiles(server.pid).catch(unknown),
    residentMiB: await residentMiB(server.pid).catch(unknown),
  };
}

/** Longer than a second: the server looks for what is surplus once a second. */
const SETTLE_MS = 3_000;

/** What there is more of than before, as numbers that should be zero. */
export function leaked(before: Holdings, after: Holdings) {
  return [
    figure('leaked containers', after.containers - before.containers, '', { atMost: 0 }),
    figure('leaked socket directories', after.socketDirectories - before.socketDirectories, '', {
      atMost: 0,
    }),
    figure('open files more than before', after.openFiles - before.openFiles, '', {
      atMost: OPEN_FILES_TOLERANCE,
    }),
  ];
}

const FUNCTIONS = 1_000;
const WARM_CALLS = 10_000;
const SERVER_MIB = 150;
/** What counts as flat: the heap breathes by a few MiB. */
const GROWTH_MIB = 10;
const MEDIAN_RATIO = 1.2;

export const thousandRow: Row = {
  id: 'thousand',
  title: '1,000 functions deployed, alternating with a server that has one of each kind',
  engines: 'each',
  needs: [],
  run: async (bench) => {
    const count = bench.size(FUNCTIONS, 50);
    const directory = await makeServerDirectory();
    try {
      await deployMany(bench, directory, count, { isolation: 'fresh' });
      return await bench.withServerIn(directory, (many) =>
        bench.withServer((one) => compare(bench, many, one)),
      );
    } finally {
      await removeServerDirectory(directory);
    }
  },
};

async function compare(bench: Bench, many: Server, one: Server) {
  const bootedMiB = await residentMiB(many.pid);
  for (const server of [many, one]) {
    await deploy(server, 'fresh', HELLO_ZIP);
    await deploy(server, 'warm', HELLO_ZIP, WARM);
  }
  const warm = await warmInTurns(bench, many, one);
  const fresh = await freshInTurns(bench, many, one);
  const growth = await growthOver(bench, many, bench.size(WARM_CALLS, 1_000));
  const ratio = { fresh: median(fresh.many) / median(fresh.one), warm: median(warm.many) / median(warm.one) };
  return {
    figures: [
      figure('boot: start of the process to ready', many.bootSeconds ?? Number.NaN, 's', { atMost: 3 }),
      figure('fresh: median', median(fresh.many), 'ms'),
      figure('fresh: p99', p99(fresh.many), 'ms'),
      figure('fresh: median / with one function', ratio.fresh, 'x', { atMost: MEDIAN_RATIO }),
      figure('warm: median', median(warm.many), 'ms'),
      figure('warm: p99', p99(warm.many), 'ms'),
      figure('warm: median / with one function', ratio.warm, 'x', { atMost: MEDIAN_RATIO }),
      figure('server after boot', bootedMiB, 'MiB', { atMost: SERVER_MIB }),
      figure('server after all calls', growth.after.residentMiB, 'MiB', { atMost: SERVER_MIB }),
      ...(await launcherFigures(bench, many)),
      figure(
        `growth over ${growth.calls} warm calls`,
        growth.after.residentMiB - growth.before.residentMiB,
        'MiB',
        {
          atMost: GROWTH_MIB,
        },
      ),
      figure('open files more after them', growth.after.openFiles - growth.before.openFiles, '', {
        atMost: 0,
      }),
    ],
    samples: {
      'fresh with many, ms': fresh.many,
      'fresh with one, ms': fresh.one,
      'warm with many, ms': warm.many,
      'warm with one, ms': warm.one,
    },
    facts: { bootSecondsWithOne: one.bootSeconds, growth },
  };
}

async function warmInTurns(bench: Bench, many: Server, one: Server) {
  const samples: { many: number[]; one: number[] } = { many: [], one: [] };
  const slice = { connections: 1, durationMs: bench.size(2_000, 500) };
  const provision = { connections: 16, calls: bench.size(4_000, 500) };
  for (const server of [many, one]) await bench.load(closed({ ...callsOf(server, 'warm'), ...provision }));
  const rounds = bench.size(3, 1);
  for (let round = 1; round <= rounds; round += 1) {
    samples.many.push(
      ...onlyAnswers(await bench.load(closed({ ...callsOf(many, 'warm'), ...slice }))).latenciesMs,
    );
    samples.one.push(
      ...onlyAnswers(await bench.load(closed({ ...callsOf(one, 'warm'), ...slice }))).latenciesMs,
    );
    bench.tell(
      `warm, round ${round} of ${rounds}: ${median(samples.many).toFixed(2)} ms, with one ${median(samples.one).toFixed(2)} ms`,
    );
  }
  return samples;
}

/** One call a second to each server, half a second apart. */
async function freshInTurns(bench: Bench, many: Server, one: Server) {
  const provision = { connections: 2, calls: bench.size(20, 4) };
  for (const server of [many, one]) {
    await bench.load(closed({ ...callsOf(server, 'fresh'), ...provision }));
    await bench.whenIdle(server);
  }
  const gentle = { connections: 2, durationMs: bench.size(30_000, 4_000), perSecond: 1 };
  const first = bench.load(open({ ...callsOf(many, 'fresh'), ...gentle }));
  first.catch(() => undefined);
  await bench.pause(500);
  const second = await bench.load(open({ ...callsOf(one, 'fresh'), ...gentle }));
  return { many: onlyAnswers(await first).latenciesMs, one: onlyAnswers(second).latenciesMs };
}

async function growthOver(bench: Bench, server: Server, calls: number) {
  const before = await idleHoldings(bench, server);
  onlyAnswers(await bench.load(closed({ ...callsOf(server, 'warm'), connections: 16, calls })));
  const after = await idleHoldings(bench, server);
  return { calls, before, after };
}
