/** Starts and stops a Docker Engine where no service manager does it. */
import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { exitCodeOf, withSignalsTo } from '../setup/child-process.mjs';
import { childEnvironment } from '../setup/project.mjs';
import { SetupError } from '../setup/script.mjs';
import { pingEngine } from './engine-api.mjs';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const PING_INTERVAL_MS = 100;
const EVIDENCE_LINES = 15;
const MOST_LOG_BYTES = 1_048_576;

/**
 * Where one engine keeps its things.
 * @typedef {object} EnginePlaces
 * @property {string} socketPath
 * @property {string} pidFile
 * @property {string} stateDirectory what lives as long as the engine: containerd's socket and pid file among it
 * @property {string} logFile
 */

/** @type {EnginePlaces} The engine's own defaults. */
export const DEFAULT_PLACES = {
  socketPath: '/var/run/docker.sock',
  pidFile: '/var/run/docker.pid',
  stateDirectory: '/var/run/docker',
  logFile: '/var/log/glambdar-dockerd.log',
};

/**
 * Starts an engine in the background, where it outlives this process, and resolves once it answers.
 * @param {EnginePlaces} [places]
 * @param {readonly string[]} [args] what to tell `dockerd` besides the machine's `daemon.json`
 * @returns {Promise<() => Promise<void>>} stops the engine and waits for its end
 * @throws {SetupError} with the end of the engine's log, if it ends or does not answer within a minute
 */
export async function startDockerd(places = DEFAULT_PLACES, args = []) {
  await removeStaleFiles(places);
  const log = await openLimitedLog(places.logFile);
  const child = spawn('dockerd', [...args], {
    env: childEnvironment(),
    stdio: ['ignore', log, log],
    detached: true,
  });
  let hasEnded = false;
  const ended = exitCodeOf(child)
    .catch(() => 127)
    .finally(() => (hasEnded = true));
  child.unref();
  log.destroy();

  const answers = await withSignalsTo(child, () => engineAnswers(places.socketPath, () => hasEnded));
  const stop = async () => {
    child.ref();
    child.kill('SIGTERM');
    const isLate = await Promise.race([
      ended.then(() => false),
      after(STOP_TIMEOUT_MS, true, { ref: false }),
    ]);
    if (isLate) child.kill('SIGKILL');
    await ended;
  };
  if (answers) return stop;
  await stop();
  throw new SetupError(
    `The Docker Engine did not start; its log is ${places.logFile}.`,
    await lastLines(places.logFile),
  );
}

/**
 * Resolves to whether an engine answers on the socket within a minute.
 * @param {string} socketPath
 * @param {() => boolean} [hasEnded] true once there is nothing left to wait for
 */
export async function engineAnswers(socketPath, hasEnded = () => false) {
  const giveUpAt = performance.now() + START_TIMEOUT_MS;
  while (!hasEnded() && performance.now() < giveUpAt) {
    if ((await pingEngine(socketPath)) === 'reachable') return true;
    await after(PING_INTERVAL_MS);
  }
  return false;
}

/**
 * Whether a pid file names a living process of that program. A pid may have been given to another program since.
 * @param {string} pidFile
 * @param {string} program
 */
export async function isRunning(pidFile, program) {
  try {
    const pid = (await readFile(pidFile, 'utf8')).trim();
    return (await readFile(`/proc/${pid}/comm`, 'utf8')).trim() === program;
  } catch {
    return false;
  }
}

/**
 * An engine that was killed leaves its files behind. The next one would take a pid in them for a living engine once
 * that pid has been given to another process, and would wait for a containerd that is gone.
 * @param {EnginePlaces} places
 */
async function removeStaleFiles({ socketPath, pidFile, stateDirectory }) {
  if (await isRunning(pidFile, 'dockerd')) return;
  const stale = [pidFile, socketPath];
  const containerd = path.join(stateDirectory, 'containerd');
  if (!(await isRunning(path.join(containerd, 'containerd.pid'), 'containerd'))) {
    for (const name of [
      'containerd.pid',
      'containerd.sock',
      'containerd.sock.ttrpc',
      'containerd-debug.sock',
    ]) {
      stale.push(path.join(containerd, name));
    }
  }
  await Promise.all(stale.map((file) => rm(file, { force: true })));
}

/** @param {string} file */
async function lastLines(file) {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-EVIDENCE_LINES).join('\n');
}

/**
 * Opens a stream for a program's output. Its first MiB goes to the file, which tells why a start failed; the rest is
 * read and dropped: the engine writes lines for every container and would die of a closed stream.
 * @param {string} file
 * @returns {Promise<import('node:stream').Writable>} to be given to the program, and destroyed here
 */
async function openLimitedLog(file) {
  await mkdir(path.dirname(file), { recursive: true });
  const log = await open(file, 'w', 0o640);
  const limiter = spawn('sh', ['-c', `head -c ${MOST_LOG_BYTES}; exec cat > /dev/null`], {
    stdio: ['pipe', log.fd, 'ignore'],
    detached: true,
  });
  limiter.unref();
  await log.close();
  return /** @type {import('node:stream').Writable} */ (limiter.stdin);
}
