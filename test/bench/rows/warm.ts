import { figure, median, p99 } from '../figure.js';
import { closed } from '../load/run-load.js';
import type { LoadResult } from '../load/tally.js';
import { callsOf, deploy, HELLO_ZIP, WARM_SATURATED } from '../system/functions.js';
import { withFramework } from '../system/framework.js';
import { onlyAnswers } from './expectations.js';
import type { Row } from '../bench.js';

interface Slice {
  system: 'warm' | 'framework';
  connections: number;
}

/**
 * One round. Slices that are compared with each other follow each other, so that what else the machine does in a
 * minute falls on both.
 */
const ROUND: Slice[] = [
  { system: 'framework', connections: 1 },
  { system: 'warm', connections: 1 },
  { system: 'framework', connections: 16 },
  { system: 'warm', connections: 16 },
  { system: 'warm', connections: 4 },
  { system: 'warm', connections: 64 },
];
const SLICE_MS = 4_000;
const WARM_UP_MS = 8_000;

export const warmRow: Row = {
  id: 'warm',
  title: 'warm at 1, 4, 16 and 64 connections; functions-framework (no isolation) alternating with it',
  engines: 'first',
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
        const results = new Map<string, LoadResult[]>();
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

function keyOf({ system, connections }: Slice) {
  return `${system} ${connections}`;
}

function summary(results: Map<string, LoadResult[]>) {
  const latencies = (key: string) => (results.get(key) ?? []).flatMap(({ latenciesMs }) => latenciesMs);
  const rate = (key: string) => median((results.get(key) ?? []).map(({ callsPerSecond }) => callsPerSecond));
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
    const target = connections === 16 ? { atLeast: 0.8 } : undefined;
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
