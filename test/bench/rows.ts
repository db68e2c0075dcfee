/** Every row of the benchmark, in the order in which they are measured. */
import { acceptRow, queuedRow } from './rows/events.js';
import { eventsFairnessRow } from './rows/events-fairness.js';
import { afterDeployRow, afterZeroRow } from './rows/first-calls.js';
import { coldRow } from './rows/cold.js';
import { dockerRunRow } from './rows/docker-run.js';
import { floodRow, largeDeployRow } from './rows/neighbours.js';
import { freshBurstRow, freshGentleRow, freshSaturatedRow } from './rows/fresh.js';
import { memoryRow } from './rows/memory.js';
import { thousandRow } from './rows/thousand.js';
import { warmRow } from './rows/warm.js';
import type { Row } from './bench.js';

export const ROWS: readonly Row[] = [
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
  acceptRow,
  queuedRow,
  eventsFairnessRow,
  thousandRow,
  memoryRow,
];

/** The rows of these ids and those that they need; all for none. */
export function chooseRows(ids: readonly string[]): readonly Row[] {
  if (ids.length === 0) return ROWS;
  const wanted = new Set(ids);
  for (const { id, needs } of ROWS) {
    if (wanted.has(id)) for (const needed of needs) wanted.add(needed);
  }
  return ROWS.filter(({ id }) => wanted.has(id));
}
