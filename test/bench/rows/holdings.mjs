/** What a server holds on to: compared before and after a load, it shows what leaks. */
import { figure } from '../figure.mjs';
import { openFiles, residentMiB } from '../system/process-figures.mjs';

/**
 * @typedef {object} Holdings
 * @property {number} containers
 * @property {number} socketDirectories
 * @property {number} openFiles NaN where the system does not tell
 * @property {number} residentMiB NaN where the system does not tell
 */

/** Kept connections, to the engine and from clients, come and go. */
const OPEN_FILES_TOLERANCE = 8;

/**
 * @param {import('../bench.mjs').Bench} bench
 * @param {import('../system/server.mjs').Server} server
 * @returns {Promise<Holdings>} once its containers are at rest
 */
export async function holdingsAtRest(bench, server) {
  const containers = await bench.atRest(server, REST_MS);
  const unknown = () => Number.NaN;
  return {
    containers: containers.length,
    socketDirectories: await server.socketDirectories(),
    openFiles: await openFiles(server.pid).catch(unknown),
    residentMiB: await residentMiB(server.pid).catch(unknown),
  };
}

/** Longer than a second: the server looks for what is surplus once a second. */
const REST_MS = 3_000;

/**
 * What there is more of than before, as numbers that should be zero.
 * @param {Holdings} before
 * @param {Holdings} after
 */
export function leaked(before, after) {
  return [
    figure('leaked containers', after.containers - before.containers, '', { atMost: 0 }),
    figure('leaked socket directories', after.socketDirectories - before.socketDirectories, '', {
      atMost: 0,
    }),
    figure('open files more than before', after.openFiles - before.openFiles, '', {
      atMost: OPEN_FILES_TOLERANCE,
    }),
  ];
}
