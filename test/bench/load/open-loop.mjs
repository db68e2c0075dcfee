/**
 * Open loop: calls are due at fixed times, however long earlier ones take. One that finds every connection busy waits
 * for the next free one, and its waiting counts: a server that stands still delays all calls of that time, not one.
 */
import { setTimeout as after } from 'node:timers/promises';
import { call } from './closed-loop.mjs';
import { Connection } from './connection.mjs';
import { Tally } from './tally.mjs';

/** @typedef {import('./run-load.mjs').OpenLoad} OpenLoad */

/**
 * @param {OpenLoad} load
 * @param {string} request
 * @returns {Promise<import('./tally.mjs').LoadResult>}
 */
export async function openLoop(load, request) {
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

/** Connections that take due calls, the longest unused first, so that each gets its share. */
class Senders {
  /** @type {Connection[]} */
  #idle;
  /** When each call became due that no connection has taken yet. @type {number[]} */
  #waiting = [];
  /** @type {Set<Promise<void>>} */
  #running = new Set();
  #request;
  #tally;

  /**
   * @param {readonly Connection[]} connections
   * @param {string} request
   * @param {Tally} tally
   */
  constructor(connections, request, tally) {
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
    for (const _ of this.#waiting) this.#tally.failed(new Error('All connections were closed.'));
  }

  /** @param {Connection} connection */
  async #serve(connection) {
    let dueAt = this.#waiting.shift();
    while (dueAt !== undefined && connection.isOpen) {
      await call(connection, this.#request, this.#tally, dueAt);
      dueAt = this.#waiting.shift();
    }
    if (connection.isOpen) this.#idle.push(connection);
    else if (dueAt !== undefined) this.#tally.failed(new Error('The connection was closed.'));
  }
}
