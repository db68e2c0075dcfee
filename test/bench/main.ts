/**
 * The benchmark itself, once everything is set up: measures rows one after the other, prints the figures beside the
 * numbers to reach, and keeps the raw data. One row that fails does not keep the others from being measured, but the
 * run ends with code 1; a missed target is a finding, not a failure.
 */
import { say } from '../../scripts/setup/progress.mjs';
import { Bench } from './bench.js';
import { enginesOf } from './engines/engines.js';
import { readOptions } from './options.mjs';
import { Progress } from './report/progress.js';
import { describeMachine, rawDataFile, writeRawData, writeTables } from './report/record.js';
import { terminalTable, type MeasuredRow, type Report } from './report/report.js';
import { chooseRows, planRuns, type Run } from './rows.js';

const INTERRUPTED = 130;

const options = readOptions(process.argv.slice(2));
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    interruption.abort();
  });
process.exitCode = await main();

async function main(): Promise<number> {
  const image = process.env['GLAMBDAR_WORKER_IMAGE'] ?? '';
  const progress = new Progress();
  const bench = new Bench({
    isQuick: options.isQuick,
    image,
    engines: enginesOf(options.engines, image),
    signal: interruption.signal,
    tell: (text) => {
      progress.tell(text);
    },
  });
  const startedAt = performance.now();
  const date = new Date().toISOString();
  const machine = await describeMachine(bench);
  const measured = await measure(bench, planRuns(chooseRows(options.only), options.engines), progress);
  for (const engine of bench.engines) engine.close();
  if (interruption.signal.aborted) return INTERRUPTED;
  const seconds = (performance.now() - startedAt) / 1_000;
  const report = { date, isQuick: options.isQuick, machine, seconds, rows: measured };
  console.log(terminalTable(report));
  await keep(report);
  return measured.every(({ result }) => result !== undefined) ? 0 : 1;
}

/** @returns fewer than `runs` if the run is interrupted */
export async function measure(
  bench: Bench,
  runs: readonly Run[],
  progress: Progress,
): Promise<MeasuredRow[]> {
  const measured: MeasuredRow[] = [];
  for (const [index, run] of runs.entries()) {
    if (bench.signal.aborted) break;
    progress.begin(`[${index + 1}/${runs.length}] ${[run.row.id, run.engine ?? []].flat().join(', ')}`);
    const entry = await measureRow(bench, run);
    progress.end(entry.failure === undefined ? 'done' : `FAILED: ${entry.failure}`);
    measured.push(entry);
  }
  return measured;
}

async function measureRow(bench: Bench, { row, engine }: Run): Promise<MeasuredRow> {
  const { id, title } = row;
  const named = engine === undefined ? { id, title } : { id, title, engine };
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 100) / 10;
  try {
    bench.use(engine);
    const result = await row.run(bench);
    bench.keep(id, engine, result);
    return { ...named, seconds: seconds(), result };
  } catch (error) {
    return { ...named, seconds: seconds(), failure: error instanceof Error ? error.message : String(error) };
  }
}

/** Only a full run is kept in the documents: numbers of different runs do not belong into one table. */
async function keep(report: Report): Promise<void> {
  const { isQuick, only, out } = options;
  const isFull = !isQuick && only.length === 0;
  const file = out ?? (isFull ? rawDataFile(report) : undefined);
  if (file === undefined) return;
  await writeRawData(file, report);
  say(`Raw data: ${file}`);
  if (isFull && out === undefined) await writeTables(report);
}
