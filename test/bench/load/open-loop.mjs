/** Open loop: calls are sent when they are due, however long earlier ones take. */
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
  const idle = [...connections];
  const tally = new Tally(load.expectedText);
  /** @type {Set<Promise<void>>} */
  const running = new Set();

  const send = () => {
    // A connection that the server closed would fail each call that it is given.
    const connection = takeOpen(idle);
    if (connection === undefined) {
      tally.unsent += 1;
      return;
    }
    const sent = call(connection, request, tally).then(() => {
      idle.push(connection);
      running.delete(sent);
    });
    running.add(sent);
  };

  const startedAt = performance.now();
  const due = Math.round((load.durationMs / 1_000) * load.perSecond);
  for (let sent = 0; sent < due; sent += 1) {
    const waitMs = startedAt + (sent / load.perSecond) * 1_000 - performance.now();
    // A timer is at best a millisecond exact: at higher rates the calls of one millisecond go out together.
    if (waitMs > 0) await after(waitMs);
    send();
  }
  await Promise.all(running);
  const result = tally.result();
  for (const connection of connections) connection.close();
  return result;
}

/** @param {Connection[]} idle */
function takeOpen(idle) {
  // The longest unused one: each connection gets its share of the calls.
  let connection = idle.shift();
  while (connection !== undefined && !connection.isOpen) connection = idle.shift();
  return connection;
}
