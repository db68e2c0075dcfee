import { figure } from '../figure.mjs';
import { closed } from '../load/run-load.mjs';
import { median, p99 } from '../statistics.mjs';
import { deploy } from '../system/deploying.mjs';
import { withFramework } from '../system/framework.mjs';
import { callsOf, HELLO_ZIP } from '../system/functions.mjs';
import { onlyAnswers } from './expectations.mjs';
import { WARM_SATURATED } from './warm-settings.mjs';

/** @typedef {import('../load/run-load.mjs').LoadResult} LoadResult */
/** @typedef {{ system: 'warm' | 'framework', connections: number }} Slice */

/**
 * One round. Slices that are compared with each other follow each other, so that what else the machine does in a
 * minute falls on both.
 * @type {Slice[]}
 */
const ROUND = [
  { system: 'framework', connections: 1 },
  { system: 'warm', connections: 1 },
  { system: 'framework', connections: 16 },
  { system: 'warm', connections: 16 },
  { system: 'warm', connections: 4 },
  { system: 'warm', connections: 64 },
];
const SLICE_MS = 4_000;
const WARM_UP_MS = 8_000;

/** @type {import('../rows.mjs').Row} */
export const warmRow = {
  id: 'warm',
  title: 'warm at 1, 4, 16 and 64 connections; functions-framework (no isolation) in turns with it',
  needs: [],
  run: (bench) =>
    bench.withServer((server) =>
      withFramework(bench.signal, async (framework) => {
        await deploy(server, 'hello', HELLO_ZIP, WARM_SATURATED);
        const targets = { warm: callsOf(server, 'hello'), framework };
        bench.tell('both warm up');
        for (const target of Object.values(targets)) {
          const provision = closed({ ...target, connections: 16, durationMs: bench.size(WARM_UP_MS, 500) });
          onlyAnswers(await bench.load(provision));
        }
        /** @type {Map<string, LoadResult[]>} */
        const results = new Map();
        const rounds = bench.size(3, 1);
        for (let round = 1; round <= rounds; round += 1) {
          for (const { system, connections } of ROUND) {
            const slice = closed({ ...targets[system], connections, durationMs: bench.size(SLICE_MS, 500) });
            const result = onlyAnswers(await bench.load(slice));
            const key = keyOf({ system, connections });
            results.set(key, [...(results.get(key) ?? []), result]);
            bench.tell(`round ${round} of ${rounds}, ${key}: ${Math.round(result.callsPerSecond)} calls/s`);
          }
        }
        return summary(results);
      }),
    ),
};

/** @param {Slice} slice */
function keyOf({ system, connections }) {
  return `${system} ${connections}`;
}

/** @param {Map<string, LoadResult[]>} results */
function summary(results) {
  const latencies = (/** @type {string} */ key) =>
    (results.get(key) ?? []).flatMap(({ latenciesMs }) => latenciesMs);
  const rate = (/** @type {string} */ key) =>
    median((results.get(key) ?? []).map(({ callsPerSecond }) => callsPerSecond));
  const figures = [1, 4, 16, 64].flatMap((connections) => {
    const key = keyOf({ system: 'warm', connections });
    return [
      figure(`${key}: median`, median(latencies(key)), 'ms', connections === 1 ? { atMost: 0.5 } : undefined),
      figure(`${key}: p99`, p99(latencies(key)), 'ms', connections === 16 ? { atMost: 15 } : undefined),
      figure(`${key}: calls per second`, rate(key), 'calls/s'),
    ];
  });
  const reference = [1, 16].flatMap((connections) => {
    const key = keyOf({ system: 'framework', connections });
    const target = connections === 16 ? { atLeast: 1.2 } : undefined;
    return [
      figure(`${key}: median`, median(latencies(key)), 'ms'),
      figure(`${key}: p99`, p99(latencies(key)), 'ms'),
      figure(`${key}: calls per second`, rate(key), 'calls/s'),
      figure(
        `warm / framework at ${connections}, calls per second`,
        rate(keyOf({ system: 'warm', connections })) / rate(key),
        'x',
        target,
      ),
    ];
  });
  const samples = Object.fromEntries([...results.keys()].map((key) => [`${key}, ms`, latencies(key)]));
  const slices = [...results].map(([key, all]) => ({
    slice: key,
    callsPerSecond: all.map(({ callsPerSecond }) => Math.round(callsPerSecond)),
    generatorCpuPercent: all.map(({ generatorCpuPercent }) => generatorCpuPercent),
  }));
  return { figures: [...figures, ...reference], samples, facts: { settings: WARM_SATURATED, slices } };
}
