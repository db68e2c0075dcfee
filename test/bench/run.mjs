/** Measures rows one after the other; one that fails does not keep the others from being measured. */

/**
 * @typedef {import('./rows.mjs').Row} Row
 * @typedef {import('./report/report.mjs').MeasuredRow} MeasuredRow
 */

/**
 * @param {import('./bench.mjs').Bench} bench
 * @param {readonly Row[]} rows
 * @param {import('./report/progress.mjs').Progress} progress
 * @returns {Promise<MeasuredRow[]>} fewer than `rows` if the run is interrupted
 */
export async function measure(bench, rows, progress) {
  /** @type {MeasuredRow[]} */
  const measured = [];
  for (const [index, row] of rows.entries()) {
    if (bench.signal.aborted) break;
    progress.begin(`[${index + 1}/${rows.length}] ${row.id}`);
    const entry = await measureRow(bench, row);
    progress.end(entry.failure === undefined ? 'done' : `FAILED: ${entry.failure}`);
    measured.push(entry);
  }
  return measured;
}

/**
 * @param {import('./bench.mjs').Bench} bench
 * @param {Row} row
 * @returns {Promise<MeasuredRow>}
 */
async function measureRow(bench, row) {
  const { id, title } = row;
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 100) / 10;
  try {
    const result = await row.run(bench);
    bench.keep(id, result);
    return { id, title, seconds: seconds(), result };
  } catch (error) {
    return { id, title, seconds: seconds(), failure: error instanceof Error ? error.message : String(error) };
  }
}
