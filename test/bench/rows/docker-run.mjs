import { figure } from '../figure.mjs';
import { median, p99 } from '../statistics.mjs';
import { dockerRun, inLanes } from '../system/docker-run.mjs';

/** Size of a burst, and how many `docker run` go on at a time: what the burst of the server is compared with. */
export const BURST = 20;
const WIDTH = 4;

/** @type {import('../rows.mjs').Row} */
export const dockerRunRow = {
  id: 'docker-run',
  title: 'docker run --rm, as a plain loop',
  needs: [],
  async run(bench) {
    await dockerRun(bench.image, bench.environment);
    const oneByOne = await collect(bench, 1, bench.size(20, 3));
    const bursts = [];
    for (let round = 0; round < bench.size(2, 1); round += 1) {
      bench.tell(`burst ${round + 1} of ${BURST}, ${WIDTH} at a time`);
      const startedAt = performance.now();
      await collect(bench, WIDTH, BURST);
      bursts.push(performance.now() - startedAt);
    }
    const saturated = await saturate(bench, bench.size(20_000, 2_000));
    return {
      figures: [
        figure('one by one: median', median(oneByOne), 'ms'),
        figure('one by one: p99', p99(oneByOne), 'ms'),
        figure(`${BURST} calls, ${WIDTH} at a time: total`, median(bursts) / 1_000, 's'),
        figure(`saturated, ${WIDTH} at a time`, saturated.callsPerSecond, 'calls/s'),
      ],
      samples: { 'one by one, ms': oneByOne, 'burst, ms': bursts, 'saturated, ms': saturated.tookMs },
    };
  },
};

/**
 * @param {import('../bench.mjs').Bench} bench
 * @param {number} width
 * @param {number} count
 */
async function collect(bench, width, count) {
  /** @type {number[]} */
  const tookMs = [];
  let left = count;
  await inLanes(
    width,
    () => left-- > 0 && !bench.signal.aborted,
    async () => {
      tookMs.push(await dockerRun(bench.image, bench.environment));
      bench.tell(`${tookMs.length} of ${count} runs, median ${Math.round(median(tookMs))} ms`);
    },
  );
  return tookMs;
}

/**
 * @param {import('../bench.mjs').Bench} bench
 * @param {number} durationMs
 */
async function saturate(bench, durationMs) {
  /** @type {number[]} */
  const tookMs = [];
  const startedAt = performance.now();
  await inLanes(
    WIDTH,
    () => performance.now() < startedAt + durationMs && !bench.signal.aborted,
    async () => {
      tookMs.push(await dockerRun(bench.image, bench.environment));
      bench.tell(`saturated: ${tookMs.length} runs of ${Math.round(median(tookMs))} ms`);
    },
  );
  return { tookMs, callsPerSecond: (tookMs.length / (performance.now() - startedAt)) * 1_000 };
}
