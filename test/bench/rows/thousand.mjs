import { figure } from '../figure.mjs';
import { closed, open } from '../load/run-load.mjs';
import { median, p99 } from '../statistics.mjs';
import { deploy } from '../system/deploying.mjs';
import { callsOf, HELLO_ZIP } from '../system/functions.mjs';
import { deployMany } from '../system/many-functions.mjs';
import { residentMiB } from '../system/process-figures.mjs';
import { makeServerDirectory, removeServerDirectory } from '../system/server.mjs';
import { onlyAnswers } from './expectations.mjs';
import { holdingsAtRest } from './holdings.mjs';
import { WARM } from './warm-settings.mjs';

/** @typedef {import('../bench.mjs').Bench} Bench */
/** @typedef {import('../system/server.mjs').Server} Server */

const FUNCTIONS = 1_000;
const WARM_CALLS = 10_000;
const SERVER_MIB = 150;
/** What counts as flat: the heap breathes by a few MiB. */
const GROWTH_MIB = 10;
const MEDIAN_RATIO = 1.2;

/** @type {import('../rows.mjs').Row} */
export const thousandRow = {
  id: 'thousand',
  title: '1,000 functions deployed, in turns with a server that has one of each kind',
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

/**
 * @param {Bench} bench
 * @param {Server} many
 * @param {Server} one
 */
async function compare(bench, many, one) {
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

/** @param {Bench} bench @param {Server} many @param {Server} one */
async function warmInTurns(bench, many, one) {
  /** @type {{ many: number[], one: number[] }} */
  const samples = { many: [], one: [] };
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

/**
 * One call a second to each server, half a second apart.
 * @param {Bench} bench
 * @param {Server} many
 * @param {Server} one
 */
async function freshInTurns(bench, many, one) {
  const provision = { connections: 2, calls: bench.size(20, 4) };
  for (const server of [many, one]) {
    await bench.load(closed({ ...callsOf(server, 'fresh'), ...provision }));
    await bench.atRest(server);
  }
  const gentle = { connections: 2, durationMs: bench.size(30_000, 4_000), perSecond: 1 };
  const first = bench.load(open({ ...callsOf(many, 'fresh'), ...gentle }));
  first.catch(() => undefined);
  await bench.pause(500);
  const second = await bench.load(open({ ...callsOf(one, 'fresh'), ...gentle }));
  return { many: onlyAnswers(await first).latenciesMs, one: onlyAnswers(second).latenciesMs };
}

/** @param {Bench} bench @param {Server} server @param {number} calls */
async function growthOver(bench, server, calls) {
  const before = await holdingsAtRest(bench, server);
  onlyAnswers(await bench.load(closed({ ...callsOf(server, 'warm'), connections: 16, calls })));
  const after = await holdingsAtRest(bench, server);
  return { calls, before, after };
}
