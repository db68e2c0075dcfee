/** `docker run` from the command line: what a call costs where each makes its container when it comes. */
import { spawn } from 'node:child_process';
import { exitCodeOf } from '../../../scripts/setup/child-process.mjs';
import { childEnvironment } from '../../../scripts/setup/project.mjs';
import { SetupError } from '../../../scripts/setup/script.mjs';

/** Node.js starts, prints its answer and ends: nothing is read, so a real function would take longer. */
const PROGRAM = 'console.log(JSON.stringify({ message: "Hello Glambdar!" }))';
const ANSWER = '{"message":"Hello Glambdar!"}';

/**
 * One container from the same image as the server's, with the engine's defaults: bridge network, default log driver.
 * @param {string} image
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<number>} milliseconds from the start of the command to its end
 */
export async function dockerRun(image, environment) {
  const args = ['run', '--rm', '--entrypoint', '/usr/local/bin/node', image, '-e', PROGRAM];
  const startedAt = performance.now();
  const child = spawn('docker', args, {
    env: childEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => (printed += text));
  }
  const exitCode = await exitCodeOf(child).catch((error) => {
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
 * Does work in several lanes at a time, each beginning the next when it has ended one.
 * @param {number} width
 * @param {() => boolean} goesOn asked before each piece of work
 * @param {() => Promise<void>} work
 */
export async function inLanes(width, goesOn, work) {
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (goesOn()) await work();
    }),
  );
}
