/** What every row gets: the engine it is measured on, servers of its own, loads, and the rows measured before it. */
import { setTimeout as after } from 'node:timers/promises';
import { type Load, runLoad } from './load/run-load.js';
import type { EngineId, MeasuredEngine } from './engines/measured-engine.js';
import { makeServerDirectory, removeServerDirectory, Server } from './system/server.js';
import type { RowResult } from './figure.js';

interface BenchParts {
  readonly isQuick: boolean;
  /** Of the workers of the default runtime. */
  readonly image: string;
  /** The chosen ones; a row is measured on one of them at a time. */
  readonly engines: readonly [MeasuredEngine, ...MeasuredEngine[]];
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
  /** On each of the chosen engines, on the first of them, on this one if it is chosen, or without one. */
  readonly engines: 'each' | 'first' | 'none' | EngineId;
  /** Ids of the rows that its ratios are built on. */
  readonly needs: readonly string[];
  readonly run: (bench: Bench) => Promise<RowResult>;
}

export class Bench {
  readonly isQuick: boolean;
  readonly image: string;
  readonly engines: readonly MeasuredEngine[];
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
  /** The one that servers use now. */
  engine: MeasuredEngine;
  private readonly results = new Map<string, RowResult>();

  constructor({ isQuick, image, engines, signal, tell }: BenchParts) {
    this.image = image;
    this.engines = engines;
    this.engine = engines[0];
    this.signal = signal;
    this.tell = tell;
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

  /** Has the servers of what is measured next use this engine. */
  use(engine: EngineId | undefined) {
    this.engine = this.engines.find(({ id }) => id === engine) ?? this.engine;
  }

  keep(row: string, engine: EngineId | undefined, result: RowResult) {
    this.results.set(keyOf(row, engine), result);
  }

  /**
   * A figure of a row that was measured before, in this very run.
   * @param engine that the row was measured on, undefined for a row without one
   */
  measured(row: string, name: string, engine?: EngineId) {
    const figures = this.results.get(keyOf(row, engine))?.figures;
    return figures?.find((figure) => figure.name === name)?.value ?? Number.NaN;
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
    const { engine } = this;
    const server = new Server({ directory, environment: engine.environment(directory), settings });
    let result;
    try {
      await server.ready(this.signal);
      result = await work(server);
    } finally {
      await server.stop();
    }
    const left = await engine.remains(directory);
    if (left.length > 0) throw new Error(`The server left containers behind: ${left.join(', ')}`);
    return result;
  }

  /**
   * Resolves when a server's containers have not changed for a while: pools are full, what was used is removed.
   * @returns the containers that stand ready
   */
  async whenIdle(server: Server, settleMs: number = SETTLE_MS): Promise<string[]> {
    const giveUpAt = performance.now() + IDLE_TIMEOUT_MS;
    let containers = await this.engine.containersOf(server.directory);
    let changedAt = performance.now();
    while (performance.now() < changedAt + settleMs) {
      if (performance.now() > giveUpAt) throw new Error("The server's containers do not come to rest.");
      await this.pause(IDLE_POLL_MS);
      const now = await this.engine.containersOf(server.directory);
      if (now.join() !== containers.join()) changedAt = performance.now();
      containers = now;
    }
    return containers;
  }
}

function keyOf(row: string, engine: EngineId | undefined) {
  return `${row} ${engine ?? ''}`;
}
