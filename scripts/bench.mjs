/**
 * `npm run bench`: measures this machine, prints the figures beside the numbers to reach, and keeps the raw data. Ends
 * with code 1 if a row could not be measured; a missed target is a finding, not a failure.
 */
import { Bench } from '../test/bench/bench.mjs';
import { readOptions, USAGE } from '../test/bench/options.mjs';
import { describeMachine } from '../test/bench/report/machine.mjs';
import { Progress } from '../test/bench/report/progress.mjs';
import { rawDataFile, writeRawData, writeTables } from '../test/bench/report/record.mjs';
import { terminalTable } from '../test/bench/report/table.mjs';
import { chooseRows } from '../test/bench/rows.mjs';
import { measure } from '../test/bench/run.mjs';
import { outliveSignals } from './setup/child-process.mjs';
import { helpIfAsked } from './setup/command-line.mjs';
import { say } from './setup/progress.mjs';
import { runScript } from './setup/script.mjs';
import { setUp } from './setup/set-up.mjs';

/** @typedef {import('../test/bench/report/report.mjs').Report} Report */
/** @typedef {import('../test/bench/options.mjs').BenchOptions} BenchOptions */

const INTERRUPTED = 130;

helpIfAsked(USAGE);

await runScript(async () => {
  const options = readOptions(process.argv.slice(2));
  const rows = chooseRows(options.only);
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interruption.abort());
  outliveSignals();
  const { engine, environment } = await setUp();
  try {
    const progress = new Progress();
    const bench = new Bench({
      isQuick: options.isQuick,
      image: environment['GLAMBDAR_WORKER_IMAGE'] ?? '',
      socketPath: engine.socketPath,
      environment,
      signal: interruption.signal,
      tell: (text) => progress.tell(text),
    });
    const startedAt = performance.now();
    const date = new Date().toISOString();
    const machine = await describeMachine(bench);
    const measured = await measure(bench, rows, progress);
    bench.engine.close();
    if (interruption.signal.aborted) return INTERRUPTED;
    const seconds = (performance.now() - startedAt) / 1_000;
    const report = { date, isQuick: options.isQuick, machine, seconds, rows: measured };
    console.log(terminalTable(report));
    await keep(report, options);
    return measured.every(({ result }) => result !== undefined) ? 0 : 1;
  } finally {
    await engine.stop();
  }
});

/**
 * Only a full run is kept in the documents: numbers of different runs do not belong into one table.
 * @param {Report} report
 * @param {BenchOptions} options
 */
async function keep(report, { isQuick, only, out }) {
  const isFull = !isQuick && only.length === 0;
  const file = out ?? (isFull ? rawDataFile(report) : undefined);
  if (file === undefined) return;
  await writeRawData(file, report);
  say(`Raw data: ${file}`);
  if (isFull && out === undefined) await writeTables(report);
}
