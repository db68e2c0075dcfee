/** What the last `npm test` counted; `node scripts/test-results.mjs <code of tests> <code of checks>` prints one line. */
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readCommandLine } from './setup/command-line.mjs';
import { inProject } from './setup/project.mjs';

/**
 * @typedef {object} JestResults the part of Jest's report that is counted
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {number} numRuntimeErrorTestSuites files that broke before a test could run
 */

/** @typedef {{ suite: string, reason: string }} NotRun */

const RESULTS_DIRECTORY = inProject('coverage/test-results');

/** @param {string} suite */
export function resultFile(suite) {
  return path.join(RESULTS_DIRECTORY, `${suite}.json`);
}

/** Forgets the last run, so that a run that never got to its tests is not taken for that one. */
export async function startResults() {
  await rm(RESULTS_DIRECTORY, { recursive: true, force: true });
  await mkdir(RESULTS_DIRECTORY, { recursive: true });
}

/**
 * For a suite that this machine cannot run: it must not be taken for one that passed.
 * @param {string} suite
 * @param {string} reason
 */
export async function noteNotRun(suite, reason) {
  /** @type {NotRun} */
  const result = { suite, reason };
  await writeFile(resultFile(suite), JSON.stringify(result));
}

/**
 * One line: what passed, what failed, and which suites did not run. It agrees with the exit codes: failed checks count as one failure, and so do tests
 * that failed without a failure to count, because they broke or never ran.
 * @param {readonly (JestResults | NotRun)[]} all
 * @param {number} testsCode
 * @param {number} checksCode
 */
export function summaryLine(all, testsCode, checksCode) {
  const results = all.flatMap((suite) => (isNotRun(suite) ? [] : [suite]));
  /** @param {(suite: JestResults) => number} count */
  const total = (count) => results.reduce((sum, suite) => sum + count(suite), 0);
  const passed = total((suite) => suite.numPassedTests);
  const counted = total((suite) => suite.numFailedTests + suite.numRuntimeErrorTestSuites);
  const skipped = total((suite) => suite.numPendingTests + suite.numTodoTests);
  const failed = Math.max(counted, testsCode === 0 ? 0 : 1) + (checksCode === 0 ? 0 : 1);
  const line = `${passed} passed, ${failed} failed`;
  return [skipped === 0 ? line : `${line}, ${skipped} skipped`, ...notRunIn(all)].join('; ');
}

/**
 * In words.
 * @param {readonly (JestResults | NotRun)[]} all
 */
export function notRunIn(all) {
  return all.filter(isNotRun).map(({ suite, reason }) => `suite ${suite} not run (${reason})`);
}

/**
 * @param {JestResults | NotRun} result
 * @returns {result is NotRun}
 */
function isNotRun(result) {
  return 'reason' in result;
}

export async function readResults() {
  const files = await readdir(RESULTS_DIRECTORY).catch(() => []);
  return Promise.all(
    files.map(async (file) => JSON.parse(await readFile(path.join(RESULTS_DIRECTORY, file), 'utf8'))),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { positionals } = readCommandLine({
    usage:
      'node scripts/test-results.mjs <code of tests> <code of checks>\n\nPrints what the last npm test counted, in one line.',
    positionals: ['<code of tests>', '<code of checks>'],
  });
  const [testsCode, checksCode] = positionals.map(Number);
  console.log(summaryLine(await readResults(), testsCode ?? 0, checksCode ?? 0));
}
