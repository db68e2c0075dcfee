/** The load generator's process: a load as JSON comes as its argument, the result goes as JSON to standard output. */
import { setTimeout as after } from 'node:timers/promises';
import { Connection, postRequest } from './connection.js';
import type { ClosedLoad, Load, OpenLoad } from './run-load.js';
import { type LoadResult, Tally } from './tally.js';

/** Connections that take due calls, the longest unused first, so that each gets its share. */
class Senders {
  readonly #idle: Connection[];
  /** When each call became due that no connection has taken yet. */
  readonly #waiting: number[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #request: string;
  readonly #tally: Tally;

  constructor(connections: readonly Connection[], request: string, tally: Tally) {
    this.#idle = [...connections];
    this.#request = request;
    this.#tally = tally;
  }

  callIsDue() {
    this.#waiting.push(performance.now());
    const connection = this.#idle.shift();
    if (connection === undefined) return;
    const run = this.#serve(connection).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  /** Resolves when every call that was due is answered, or has no connection left to go out on. */
  async finished() {
    while (this.#running.size > 0) await Promise.all(this.#running);
    this.#waiting.forEach(() => {
      this.#tally.failed(new Error('All connections were closed.'));
    });
  }

  async #serve(connection: Connection) {
    let dueAt = this.#waiting.shift();
    while (dueAt !== undefined && connection.isOpen) {
      await call(connection, this.#request, this.#tally, dueAt);
      dueAt = this.#waiting.shift();
    }
    if (connection.isOpen) this.#idle.push(connection);
    else if (dueAt !== undefined) this.#tally.failed(new Error('The connection was closed.'));
  }
}

/**
 * Open loop: calls are due at fixed times, however long earlier ones take. One that finds every connection busy waits
 * for the next free one, and its waiting counts: a server that stands still delays all calls of that time, not one.
 */
async function openLoop(load: OpenLoad, request: string): Promise<LoadResult> {
  const connections = await Promise.all(
    Array.from({ length: load.connections }, () => Connection.open(load.port)),
  );
  const tally = new Tally(load.expectedText);
  const senders = new Senders(connections, request, tally);
  const startedAt = performance.now();
  const calls = Math.round((load.durationMs / 1_000) * load.perSecond);
  for (let sent = 0; sent < calls; sent += 1) {
    const waitMs = startedAt + (sent / load.perSecond) * 1_000 - performance.now();
    // A timer is at best a millisecond exact: at higher rates the calls of one millisecond go out together.
    if (waitMs > 0) await after(waitMs);
    senders.callIsDue();
  }
  await senders.finished();
  const result = tally.result();
  for (const connection of connections) connection.close();
  return result;
}

/** Closed loop: each connection sends its next call when the last one is answered. */
async function closedLoop(load: ClosedLoad, request: string): Promise<LoadResult> {
  const connections = await Promise.all(
    Array.from({ length: load.connections }, () => Connection.open(load.port)),
  );
  if (load.warmUpMs > 0) {
    await loop(connections, request, new Tally(load.expectedText), load.warmUpMs, Number.POSITIVE_INFINITY);
  }
  const tally = new Tally(load.expectedText);
  await loop(connections, request, tally, load.durationMs, load.calls);
  const result = tally.result();
  for (const connection of connections) connection.close();
  return result;
}

async function loop(
  connections: readonly Connection[],
  request: string,
  tally: Tally,
  durationMs: number,
  calls: number,
) {
  const endAt = performance.now() + durationMs;
  let left = calls;
  await Promise.all(
    connections.map(async (connection) => {
      while (left > 0 && performance.now() < endAt && connection.isOpen) {
        left -= 1;
        await call(connection, request, tally);
      }
    }),
  );
}

/** One call, timed from when it was due, which is now unless it had to wait, to the last byte of its answer. */
async function call(
  connection: Connection,
  request: string,
  tally: Tally,
  dueAt: number = performance.now(),
) {
  try {
    const answer = await connection.exchange(request);
    tally.answered(answer, performance.now() - dueAt);
  } catch (error) {
    tally.failed(error);
  }
}

const load = JSON.parse(process.argv[2] ?? '') as Load;
const request = postRequest(load.path, load.body, load.headers);
const result = load.kind === 'closed' ? await closedLoop(load, request) : await openLoop(load, request);
process.stdout.write(JSON.stringify(result));
