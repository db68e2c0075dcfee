/**
 * `npm run test:hostile`: attacks a real server and breaks what it stands on, and prints what was tried, what passed
 * and what was left behind; ends with code 1 on any failure.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { environmentOf, groupNames, readOptions, USAGE } from '../test/hostile/options.mjs';
import { remarksOf, tableOf } from '../test/hostile/table.mjs';
import { runJest } from './jest.mjs';
import { outliveSignals } from './setup/child-process.mjs';
import { helpIfAsked } from './setup/command-line.mjs';
import { inProject } from './setup/project.mjs';
import { runScript } from './setup/script.mjs';
import { setUp } from './setup/set-up.mjs';
import { leavingNothing } from './test-place.mjs';

/** @typedef {import('../test/hostile/options.mjs').RunOptions} RunOptions */
/** @typedef {import('../test/hostile/table.mjs').GroupReport} GroupReport */

/** A trial that failed may have left something open, which must not keep the run from ending. */
const JEST = [
  '--runInBand',
  '--forceExit',
  `--reporters=${inProject('test/hostile/quiet-reporter.mjs')}`,
  '--selectProjects',
  'hostile',
  '--',
];

helpIfAsked(USAGE);

await runScript(async () => {
  const options = readOptions(process.argv.slice(2));
  outliveSignals();
  const { engine, environment } = await setUp();
  const reports = await mkdtemp(path.join(os.tmpdir(), 'glambdar-reports-'));
  const chosen = options.chosen.length > 0 ? options.chosen : groupNames;
  const specs = chosen.map((group) => `test/hostile/${group}.spec.ts`);
  try {
    const exitCode = await leavingNothing(engine.socketPath, (inPlace) =>
      runJest([...JEST, ...specs], { ...environment, ...inPlace, ...environmentOf({ ...options, reports }) }),
    );
    printReports(await readReports(reports, chosen), options);
    return exitCode;
  } finally {
    await rm(reports, { recursive: true, force: true });
    await engine.stop();
  }
});

/**
 * Of the groups that came to their end.
 * @param {string} reports
 * @param {readonly string[]} groups
 * @returns {Promise<GroupReport[]>}
 */
async function readReports(reports, groups) {
  const texts = await Promise.all(
    groups.map((group) => readFile(path.join(reports, `${group}.json`), 'utf8').catch(() => undefined)),
  );
  return texts.filter((text) => text !== undefined).map((text) => JSON.parse(text));
}

/** @param {readonly GroupReport[]} reports @param {RunOptions} options */
function printReports(reports, { isFull, seed }) {
  for (const remark of reports.flatMap(remarksOf)) console.log(remark);
  const machine = `${os.cpus()[0]?.model ?? 'unknown'}, ${os.cpus().length} cores, ${os.type()} ${os.release()}`;
  console.log(`\n${tableOf(reports)}\n`);
  const date = new Date().toISOString().slice(0, 10);
  console.log(
    `${isFull ? 'Full' : 'Quick'} run, seed ${seed}, ${date}, ${machine}, Node ${reports[0]?.node ?? 'unknown'}`,
  );
}
