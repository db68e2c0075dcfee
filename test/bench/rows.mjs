/** Every row of the benchmark, in the order in which they are measured. */
import { UsageError } from '../../scripts/setup/script.mjs';
import { USAGE } from './options.mjs';
import { afterDeployRow } from './rows/after-deploy.mjs';
import { afterZeroRow } from './rows/after-zero.mjs';
import { coldRow } from './rows/cold.mjs';
import { dockerRunRow } from './rows/docker-run.mjs';
import { floodRow } from './rows/flood.mjs';
import { freshBurstRow } from './rows/fresh-burst.mjs';
import { freshGentleRow } from './rows/fresh-gentle.mjs';
import { freshSaturatedRow } from './rows/fresh-saturated.mjs';
import { largeDeployRow } from './rows/large-deploy.mjs';
import { memoryRow } from './rows/memory.mjs';
import { thousandRow } from './rows/thousand.mjs';
import { warmRow } from './rows/warm.mjs';

/**
 * @typedef {object} Row
 * @property {string} id what `--only` names it by
 * @property {string} title what is measured, with its isolation mode
 * @property {readonly string[]} needs ids of the rows that its ratios are built on
 * @property {(bench: import('./bench.mjs').Bench) => Promise<import('./figure.mjs').RowResult>} run
 */

/** @type {readonly Row[]} */
export const ROWS = [
  dockerRunRow,
  coldRow,
  freshGentleRow,
  freshBurstRow,
  freshSaturatedRow,
  afterDeployRow,
  afterZeroRow,
  warmRow,
  floodRow,
  largeDeployRow,
  thousandRow,
  memoryRow,
];

/**
 * The rows of these ids and those that they need; all for none.
 * @param {readonly string[]} ids
 * @returns {readonly Row[]}
 * @throws {UsageError} for an id that there is not
 */
export function chooseRows(ids) {
  if (ids.length === 0) return ROWS;
  const unknown = ids.filter((id) => !ROWS.some((row) => row.id === id));
  if (unknown.length > 0)
    throw new UsageError(
      `There is no row ${unknown.join(', ')}; there are ${ROWS.map(({ id }) => id).join(', ')}.`,
      USAGE,
    );
  const wanted = new Set(ids);
  for (const { id, needs } of ROWS) if (wanted.has(id)) needs.forEach((needed) => wanted.add(needed));
  return ROWS.filter(({ id }) => wanted.has(id));
}
