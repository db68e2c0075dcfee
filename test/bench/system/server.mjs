/**
 * A Glambdar server of the benchmark's own, in a directory that goes with it: started with what `npm start` starts it
 * with, without the set-up before, which the benchmark has done once.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { exitCodeOf } from '../../../scripts/setup/child-process.mjs';
import {
  childEnvironment,
  PROJECT_DIRECTORY,
  projectNode,
  SERVER_ARGUMENTS,
  SERVER_ENVIRONMENT,
} from '../../../scripts/setup/project.mjs';
import { ageSeconds } from './process-figures.mjs';

/**
 * @typedef {object} ServerOptions
 * @property {string} directory
 * @property {NodeJS.ProcessEnv} environment the engine and the image
 * @property {Record<string, string>} settings `GLAMBDAR_` variables besides the benchmark's own
 */

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 20;
const EVIDENCE_LENGTH = 8_192;
const LISTENS = /listens on (http:\/\/\S+:(\d+))/;

/** Short: the path of a socket below it may have 103 bytes. */
export async function makeServerDirectory() {
  return realpath(await mkdtemp(path.join(os.tmpdir(), 'glambdar-bench-')));
}

/** @param {string} directory */
export function removeServerDirectory(directory) {
  return rm(directory, { recursive: true, force: true });
}

export class Server {
  #printed = '';
  /** @type {import('node:child_process').ChildProcess} */
  #child;
  /** @type {Promise<number>} */
  #ended;
  port = 0;
  url = '';
  /** From the start of the process to the first answer that says it is ready; undefined where it cannot be known. */
  /** @type {number | undefined} */
  bootSeconds;

  /** @param {ServerOptions} options */
  constructor({ directory, environment, settings }) {
    this.directory = directory;
    this.#child = spawn(projectNode(), SERVER_ARGUMENTS, {
      cwd: PROJECT_DIRECTORY,
      env: childEnvironment({
        ...withoutSettings(),
        ...SERVER_ENVIRONMENT,
        ...environment,
        ...serverSettings(directory),
        ...settings,
      }),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C reaches the benchmark alone, which then stops its servers in order.
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        this.#printed = (this.#printed + text).slice(-EVIDENCE_LENGTH);
        if (this.port === 0) this.#readAddress();
      });
    }
    this.#ended = exitCodeOf(this.#child);
  }

  get pid() {
    return this.#child.pid ?? 0;
  }

  /** The last it printed. */
  get evidence() {
    return this.#printed.trim();
  }

  /**
   * Resolves once it says that calls can be served.
   * @param {AbortSignal} signal
   * @param {string} [readyPath]
   */
  async ready(signal, readyPath = '/health/ready') {
    const giveUpAt = performance.now() + START_TIMEOUT_MS;
    while (!(await this.#answers(readyPath))) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`The server ended instead of starting:\n${this.evidence}`);
      if (performance.now() > giveUpAt) throw new Error(`The server did not get ready:\n${this.evidence}`);
      await after(POLL_MS, undefined, { signal });
    }
    this.bootSeconds = await ageSeconds(this.pid).catch(() => undefined);
  }

  /** Tells it to stop and waits for its end. @throws {Error} if it ends with an error */
  async stop() {
    this.#child.kill('SIGTERM');
    const exitCode = await this.#ended;
    if (exitCode !== 0) throw new Error(`The server ended with code ${exitCode}:\n${this.evidence}`);
  }

  /** What is left of containers on the disk: one directory for each. */
  async socketDirectories() {
    return (await readdir(path.join(this.directory, 'run'))).length;
  }

  #readAddress() {
    const [, url = '', port = '0'] = LISTENS.exec(this.#printed) ?? [];
    this.url = url;
    this.port = Number(port);
  }

  /** @param {string} readyPath */
  async #answers(readyPath) {
    if (this.port === 0) return false;
    return fetch(`${this.url}${readyPath}`).then(
      (response) => response.ok,
      () => false,
    );
  }
}

/** Settings of the person who runs the benchmark would change what it measures. */
function withoutSettings() {
  const names = Object.keys(process.env).filter((name) => name.startsWith('GLAMBDAR_'));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** @param {string} directory */
function serverSettings(directory) {
  return { GLAMBDAR_DIR: directory, GLAMBDAR_PORT: '0', GLAMBDAR_LOG_LEVEL: 'warn' };
}
