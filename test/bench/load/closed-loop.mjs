/** Closed loop: each connection sends its next call when the last one is answered. */
import { Connection } from './connection.mjs';
import { Tally } from './tally.mjs';

/** @typedef {import('./run-load.mjs').ClosedLoad} ClosedLoad */

/**
 * @param {ClosedLoad} load
 * @param {string} request
 * @returns {Promise<import('./tally.mjs').LoadResult>}
 */
export async function closedLoop(load, request) {
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

/**
 * @param {readonly Connection[]} connections
 * @param {string} request
 * @param {Tally} tally
 * @param {number} durationMs
 * @param {number} calls
 */
async function loop(connections, request, tally, durationMs, calls) {
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

/**
 * One call, timed from when it was due, which is now unless it had to wait, to the last byte of its answer.
 * @param {Connection} connection
 * @param {string} request
 * @param {Tally} tally
 * @param {number} [dueAt]
 */
export async function call(connection, request, tally, dueAt = performance.now()) {
  try {
    const answer = await connection.exchange(request);
    tally.answered(answer, performance.now() - dueAt);
  } catch (error) {
    tally.failed(error);
  }
}
