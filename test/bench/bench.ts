/** What every row gets: the machine's engine and image, servers of its own, loads, and the rows measured before it. */
import { setTimeout as after } from 'node:timers/promises';
import { type Load, runLoad } from './load/run-load.js';
import { EngineClient } from './system/engine-client.js';
import { makeServerDirectory, removeServerDirectory, Server } from './system/server.js';
import type { RowResult } from './figure.js';

interface BenchParts {
  readonly isQuick: boolean;
  readonly image: string;
  /** The engine's. */
  readonly socketPath: string;
  /** What tells a child of engine and image. */
  readonly environment: Readonly<Record<string, string>>;
  /** Aborts when the run is interrupted. */
  readonly signal: AbortSignal;
  /** Shows how far the row is. */
  readonly tell: (text: string) => void;
}

const IDLE_POLL_MS = 250;
const SETTLE_MS = 1_500;
const IDLE_TIMEOUT_MS = 60_000;

export interface Row {
  /** What `--only` names it by. */
  readonly id: string;
  /** What is measured, with its isolation mode. */
  readonly title: string;
  /** Ids of the rows that its ratios are built on. */
  readonly needs: readonly string[];
  readonly run: (bench: Bench) => Promise<RowResult>;
}

export class Bench {
  readonly isQuick: boolean;
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
  readonly engine: EngineClient;
  private readonly results = new Map<string, RowResult>();

  constructor({ isQuick, image, socketPath, environment, signal, tell }: BenchParts) {
    this.image = image;
    this.environment = environment;
    this.signal = signal;
    this.tell = tell;
    this.engine = new EngineClient(socketPath);
    this.isQuick = isQuick;
  }

  /** How many samples to take. */
  size(full: number, quick: number) {
    return this.isQuick ? quick : full;
  }

  pause(ms: number) {
    return after(ms, undefined, { signal: this.signal });
  }

  load(load: Load) {
    return runLoad(load, this.signal);
  }

  keep(row: string, result: RowResult) {
    this.results.set(row, result);
  }

  /** A figure of a row that was measured before, in this very run. */
  measured(row: string, name: string) {
    const found = this.results.get(row)?.figures.find((figure) => figure.name === name);
    return found?.value ?? Number.NaN;
  }

  /**
   * Runs a server of the row's own while `work` is done.
   * @param settings `GLAMBDAR_` variables that differ from the defaults
   */
  async withServer<T>(
    work: (server: Server) => Promise<T>,
    settings: Record<string, string> = {},
  ): Promise<T> {
    const directory = await makeServerDirectory();
    try {
      return await this.withServerIn(directory, work, settings);
    } finally {
      await removeServerDirectory(directory);
    }
  }

  /** The same in a directory that is there already. */
  async withServerIn<T>(
    directory: string,
    work: (server: Server) => Promise<T>,
    settings: Record<string, string> = {},
  ): Promise<T> {
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
   * @returns the containers that stand ready
   */
  async whenIdle(server: Server, settleMs: number = SETTLE_MS): Promise<string[]> {
    const giveUpAt = performance.now() + IDLE_TIMEOUT_MS;
    let containers = await this.engine.containersMounting(server.directory);
    let changedAt = performance.now();
    while (performance.now() < changedAt + settleMs) {
      if (performance.now() > giveUpAt) throw new Error("The server's containers do not come to rest.");
      await this.pause(IDLE_POLL_MS);
      const now = await this.engine.containersMounting(server.directory);
      if (now.join() !== containers.join()) changedAt = performance.now();
      containers = now;
    }
    return containers;
  }
}
