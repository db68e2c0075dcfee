/** What every row gets: the machine's engine and image, servers of its own, loads, and the rows measured before it. */
import { setTimeout as after } from 'node:timers/promises';
import { runLoad } from './load/run-load.mjs';
import { EngineClient } from './system/engine-client.mjs';
import { makeServerDirectory, removeServerDirectory, Server } from './system/server.mjs';

/**
 * @typedef {import('./figure.mjs').RowResult} RowResult
 *
 * @typedef {object} BenchParts
 * @property {boolean} isQuick
 * @property {string} image
 * @property {string} socketPath the engine's
 * @property {NodeJS.ProcessEnv} environment what tells a child of engine and image
 * @property {AbortSignal} signal aborts when the run is interrupted
 * @property {(text: string) => void} tell shows how far the row is
 */

const REST_POLL_MS = 250;
const REST_MS = 1_500;
const REST_TIMEOUT_MS = 60_000;

export class Bench {
  /** @type {Map<string, RowResult>} */
  #results = new Map();

  /** @param {BenchParts} parts */
  constructor({ isQuick, image, socketPath, environment, signal, tell }) {
    this.image = image;
    this.environment = environment;
    this.signal = signal;
    this.tell = tell;
    this.engine = new EngineClient(socketPath);
    this.isQuick = isQuick;
  }

  /**
   * How many samples to take.
   * @param {number} full
   * @param {number} quick
   */
  size(full, quick) {
    return this.isQuick ? quick : full;
  }

  /** @param {number} ms */
  pause(ms) {
    return after(ms, undefined, { signal: this.signal });
  }

  /** @param {import('./load/run-load.mjs').Load} load */
  load(load) {
    return runLoad(load, this.signal);
  }

  /** @param {string} row @param {RowResult} result */
  keep(row, result) {
    this.#results.set(row, result);
  }

  /**
   * A figure of a row that was measured before, in this very run.
   * @param {string} row
   * @param {string} name
   */
  measured(row, name) {
    const found = this.#results.get(row)?.figures.find((figure) => figure.name === name);
    return found?.value ?? Number.NaN;
  }

  /**
   * Runs a server of the row's own while `work` is done.
   * @template T
   * @param {(server: Server) => Promise<T>} work
   * @param {Record<string, string>} [settings] `GLAMBDAR_` variables that differ from the defaults
   * @returns {Promise<T>}
   */
  async withServer(work, settings = {}) {
    const directory = await makeServerDirectory();
    try {
      return await this.withServerIn(directory, work, settings);
    } finally {
      await removeServerDirectory(directory);
    }
  }

  /**
   * The same in a directory that is there already.
   * @template T
   * @param {string} directory
   * @param {(server: Server) => Promise<T>} work
   * @param {Record<string, string>} [settings]
   * @returns {Promise<T>}
   */
  async withServerIn(directory, work, settings = {}) {
    const server = new Server({ directory, environment: this.environment, settings });
    let result;
    try {
      await server.ready(this.signal);
      result = await work(server);
    } finally {
      await server.stop();
    }
    const left = await this.engine.containersMounting(directory);
    if (left.length > 0) throw new Error(`The server left ${left.length} containers behind.`);
    return result;
  }

  /**
   * Resolves when a server's containers have not changed for a while: pools are full, what was used is removed.
   * @param {Server} server
   * @param {number} [restMs]
   * @returns {Promise<string[]>} the containers that stand ready
   */
  async atRest(server, restMs = REST_MS) {
    const giveUpAt = performance.now() + REST_TIMEOUT_MS;
    let containers = await this.engine.containersMounting(server.directory);
    let changedAt = performance.now();
    while (performance.now() < changedAt + restMs) {
      if (performance.now() > giveUpAt) throw new Error("The server's containers do not come to rest.");
      await this.pause(REST_POLL_MS);
      const now = await this.engine.containersMounting(server.directory);
      if (now.join() !== containers.join()) changedAt = performance.now();
      containers = now;
    }
    return containers;
  }
}
