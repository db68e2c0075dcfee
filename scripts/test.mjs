/**
 * `npm test`: the unit tests, which need no Docker. With RUN_INTEGRATION_TESTS=1 it sets everything up and runs the
 * integration and end-to-end tests too. Arguments go to Jest; the exit code is Jest's.
 */
import { outliveSignals, runCaptured, runInForeground } from './setup/child-process.mjs';
import { helpIfAsked } from './setup/command-line.mjs';
import { ensureDependencies, setUp } from './setup/set-up.mjs';
import { say } from './setup/progress.mjs';
import { installedProgram, projectNode } from './setup/project.mjs';
import { runScript, UsageError } from './setup/script.mjs';
import { clearTestPlace, environmentIn, makeTestPlace } from './test-place.mjs';
import { resultFile, startResults } from './test-results.mjs';

/** @typedef {{ name: string, projects: string[], flags: string[] }} Suite */

/** @type {Suite} */
const UNIT = { name: 'unit', projects: ['unit'], flags: [] };

/** One at a time: these tests share one engine, and measure how long things take. @type {Suite} */
const WITH_DOCKER = { name: 'with-docker', projects: ['integration', 'e2e'], flags: ['--runInBand'] };

const USAGE = `npm test -- [arguments of Jest]

Runs the tests that need no Docker. RUN_INTEGRATION_TESTS=1 npm test sets up everything and runs all of them.

  npm test -- src/ipc                         tests of some files
  npm test -- -t 'opens a socket'             tests by their title
  npx jest --help                             what else Jest takes`;

helpIfAsked(USAGE);
const jestArguments = process.argv.slice(2);

await runScript(async () => {
  await refuseUnknown();
  await startResults();
  outliveSignals();
  if (process.env['RUN_INTEGRATION_TESTS'] === '1') return testEverything();
  await ensureDependencies();
  const exitCode = await leavingNothing(undefined, (environment) => runJest(UNIT, environment));
  say(
    '\nLeft out: integration and e2e. RUN_INTEGRATION_TESTS=1 npm test runs them too (needs a Docker Engine).',
  );
  return exitCode;
});

/** Jest says which options it has, before anything is set up for tests that it would not run. */
async function refuseUnknown() {
  if (!jestArguments.some((word) => word.startsWith('-'))) return;
  await ensureDependencies();
  const args = [installedProgram('jest'), '--showConfig', ...jestArguments];
  const { exitCode, output } = await runCaptured(projectNode(), args);
  if (exitCode !== 0) throw new UsageError(output.trim(), USAGE);
}

/** An engine that had to be started is stopped again, also when tests fail or a signal ends them. */
async function testEverything() {
  const { engine, environment } = await setUp();
  try {
    return await leavingNothing(engine.socketPath, async (inPlace) => {
      const unit = await runJest(UNIT, inPlace);
      const withDocker = await runJest(WITH_DOCKER, { ...environment, ...inPlace });
      return unit || withDocker;
    });
  } finally {
    await engine.stop();
  }
}

/**
 * Runs tests in a directory of their own; what they leave behind, there, on the engine or running, fails them.
 * @param {string | undefined} engineSocket
 * @param {(environment: NodeJS.ProcessEnv) => Promise<number>} run
 */
async function leavingNothing(engineSocket, run) {
  const place = await makeTestPlace();
  const exitCode = await run(environmentIn(place));
  // A run that a signal has ended is not waited for.
  const left = await clearTestPlace(place, engineSocket, exitCode > 128 ? 0 : undefined);
  if (left.length > 0) say(`\nFAILED: the tests left behind\n  ${left.join('\n  ')}`);
  return exitCode || Number(left.length > 0);
}

/**
 * @param {Suite} suite
 * @param {NodeJS.ProcessEnv} environment
 */
function runJest({ name, projects, flags }, environment) {
  // A file that the arguments pick out lies in one suite only: the other one then has none to run.
  const picked = jestArguments.length === 0 ? [] : ['--passWithNoTests'];
  const results = ['--json', `--outputFile=${resultFile(name)}`];
  const args = [...jestArguments, ...picked, ...flags, ...results, '--selectProjects', ...projects];
  return runInForeground(projectNode(), [installedProgram('jest'), ...args], {
    ...environment,
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --experimental-vm-modules`.trim(),
  });
}
