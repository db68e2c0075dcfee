/** `docker run` from the command line: what a call costs where each makes its container when it comes. */
import { spawn } from 'node:child_process';
import { ensureEngine } from '../../../scripts/engine/engine.mjs';
import { exitCodeOf } from '../../../scripts/setup/child-process.mjs';
import { childEnvironment } from '../../../scripts/setup/project.mjs';
import { SetupError } from '../../../scripts/setup/script.mjs';
import { ensureImage } from '../../../scripts/worker-image/worker-image.mjs';
import type { Bench, Row } from '../bench.js';
import { figure, median, p99, type RowResult } from '../figure.js';

/** Node.js starts, prints its answer and ends: nothing is read, so a real function would take longer. */
const PROGRAM = 'console.log(JSON.stringify({ message: "Hello Glambdar!" }))';
const ANSWER = '{"message":"Hello Glambdar!"}';

/**
 * One container from the same image as the server's, with the engine's defaults: bridge network, default log driver.
 * @returns milliseconds from the start of the command to its end
 */
async function dockerRun(image: string): Promise<number> {
  const args = ['run', '--rm', '--entrypoint', '/usr/local/bin/node', image, '-e', PROGRAM];
  const startedAt = performance.now();
  const child = spawn('docker', args, {
    env: childEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  }
  const exitCode = await exitCodeOf(child).catch((error: unknown) => {
    throw new SetupError(
      'The benchmark compares with `docker run`: install the command (Debian, Ubuntu: docker.io).',
      String(error),
    );
  });
  const tookMs = performance.now() - startedAt;
  if (exitCode !== 0 || printed.trim() !== ANSWER)
    throw new Error(`docker run failed with code ${exitCode}: ${printed}`);
  return tookMs;
}

/**
 * Runs `width` pieces of work at a time; each starts the next when it has ended.
 * @param goesOn asked before each piece of work
 */
export async function inParallel(width: number, goesOn: () => boolean, work: () => Promise<void>) {
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (goesOn()) await work();
    }),
  );
}

/** Size of a burst, and how many `docker run` go on at a time: what the burst of the server is compared with. */
export const BURST = 20;
const WIDTH = 4;

export const dockerRunRow: Row = {
  id: 'docker-run',
  title: 'docker run --rm, as a plain loop',
  engines: 'none',
  needs: [],
  async run(bench) {
    // Also where no server is measured on it.
    const docker = await ensureEngine('docker');
    try {
      await ensureImage(docker.images);
      return await measure(bench);
    } finally {
      await docker.stop();
    }
  },
};

async function measure(bench: Bench): Promise<RowResult> {
  await dockerRun(bench.image);
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
}

async function collect(bench: Bench, width: number, count: number) {
  const tookMs: number[] = [];
  let left = count;
  await inParallel(
    width,
    () => left-- > 0 && !bench.signal.aborted,
    async () => {
      tookMs.push(await dockerRun(bench.image));
      bench.tell(`${tookMs.length} of ${count} runs, median ${Math.round(median(tookMs))} ms`);
    },
  );
  return tookMs;
}

async function saturate(bench: Bench, durationMs: number) {
  const tookMs: number[] = [];
  const startedAt = performance.now();
  await inParallel(
    WIDTH,
    () => performance.now() < startedAt + durationMs && !bench.signal.aborted,
    async () => {
      tookMs.push(await dockerRun(bench.image));
      bench.tell(`saturated: ${tookMs.length} runs of ${Math.round(median(tookMs))} ms`);
    },
  );
  return { tookMs, callsPerSecond: (tookMs.length / (performance.now() - startedAt)) * 1_000 };
}
