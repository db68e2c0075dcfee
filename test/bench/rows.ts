/** Every row of the benchmark, in the order in which they are measured. */
import { acceptRow, queuedRow } from './rows/events.js';
import { eventsFairnessRow } from './rows/events-fairness.js';
import { afterDeployRow, afterZeroRow } from './rows/first-calls.js';
import { coldGvisorRow, coldRow } from './rows/cold.js';
import { dockerRunRow } from './rows/docker-run.js';
import { floodRow, largeDeployRow } from './rows/neighbours.js';
import { freshBurstRow, freshSaturatedRow } from './rows/fresh.js';
import { freshCpuRow } from './rows/fresh-cpu.js';
import { freshGentleRow } from './rows/fresh-gentle.js';
import { memoryRow } from './rows/memory.js';
import { thousandRow } from './rows/thousand.js';
import { warmRow } from './rows/warm.js';
import type { Row } from './bench.js';
import type { EngineId } from './engines/measured-engine.js';

export const ROWS: readonly Row[] = [
  dockerRunRow,
  coldRow,
  coldGvisorRow,
  freshGentleRow,
  freshBurstRow,
  freshSaturatedRow,
  freshCpuRow,
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

/** One row to measure on one engine. */
export interface Run {
  readonly row: Row;
  /** Undefined for a row that no server of ours is measured in. */
  readonly engine: EngineId | undefined;
}

/** Engine after engine within a row, so that what else the machine does in a minute falls on both. */
export function planRuns(rows: readonly Row[], engines: readonly EngineId[]): Run[] {
  return rows.flatMap((row) => enginesFor(row, engines).map((engine) => ({ row, engine })));
}

function enginesFor(row: Row, chosen: readonly EngineId[]): readonly (EngineId | undefined)[] {
  if (row.engines === 'each') return chosen;
  if (row.engines === 'first') return chosen.slice(0, 1);
  if (row.engines === 'none') return [undefined];
  return chosen.filter((id) => id === row.engines);
}
