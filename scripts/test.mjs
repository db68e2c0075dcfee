/**
 * `npm test`: the unit tests, which need no Docker. With RUN_INTEGRATION_TESTS=1 it sets everything up and runs the
 * integration and end-to-end tests and the trials too. Arguments go to Jest; the exit code is Jest's.
 */
import { browserEnvironment } from './browser/browser.mjs';
import { ensureEveryRuntime } from './engine/oci-engine.mjs';
import { caddyEnvironment } from './proxy/caddy.mjs';
import { runJest } from './jest.mjs';
import { outliveSignals, runCaptured } from './setup/child-process.mjs';
import { helpIfAsked } from './setup/command-line.mjs';
import { ensureDependencies, setUp } from './setup/set-up.mjs';
import { say } from './setup/progress.mjs';
import { installedProgram, projectNode } from './setup/project.mjs';
import { runScript, UsageError } from './setup/script.mjs';
import { leavingNothing } from './test-place.mjs';
import { noteNotRun, notRunIn, readResults, resultFile, startResults } from './test-results.mjs';

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string[]} projects
 * @property {string[]} flags
 * @property {NodeJS.ProcessEnv} [environment] what chooses another engine than the run's
 */

const ON_OCI = { GLAMBDAR_ENGINE: 'oci' };
const ON_GVISOR = { ...ON_OCI, GLAMBDAR_OCI_RUNTIME: 'runsc' };

/** @type {Suite} */
const UNIT = { name: 'unit', projects: ['unit'], flags: [] };

/** One at a time: these tests share one engine, and measure how long things take. @type {Suite} */
const WITH_DOCKER = { name: 'with-docker', projects: ['integration', 'e2e'], flags: ['--runInBand'] };

/**
 * The quick slice of each group of the trials, which measure what their process holds, too: it is their own. One that
 * failed may have left something open, which must not keep the run from ending.
 * @type {Suite}
 */
const TRIALS = { name: 'trials', projects: ['hostile'], flags: ['--runInBand', '--forceExit'] };

/** What only a server does that runs containers itself, and once more what the engine decides. @type {Suite} */
const WITH_OCI = {
  name: 'with-oci',
  projects: ['oci', 'e2e-on-oci'],
  flags: ['--runInBand'],
  environment: ON_OCI,
};

/** @type {Suite} */
const TRIALS_ON_OCI = {
  ...TRIALS,
  name: 'trials-on-oci',
  projects: ['hostile-on-oci'],
  environment: ON_OCI,
};

/** Once more what gVisor decides, with it for all containers. @type {Suite} */
const WITH_GVISOR = {
  name: 'with-gvisor',
  projects: ['e2e-on-gvisor'],
  flags: ['--runInBand'],
  environment: ON_GVISOR,
};

/** Every end-to-end test and trial, and no Docker Engine: the integration tests ask each engine, whichever is chosen. */
const ALL_ON_OCI = [{ ...WITH_OCI, projects: ['oci', 'e2e'] }, TRIALS];

const IS_ALL_ON_OCI = process.env['GLAMBDAR_ENGINE'] === 'oci';
const CAN_RUN_OCI = process.platform === 'linux' && process.getuid?.() === 0;

const ON_CHOSEN_ENGINE = IS_ALL_ON_OCI ? ALL_ON_OCI : [WITH_DOCKER, TRIALS];
const ALSO_ON_OCI = IS_ALL_ON_OCI ? [] : [WITH_OCI, TRIALS_ON_OCI, WITH_GVISOR];
/** They would show nothing. */
const NOT_RUN = CAN_RUN_OCI ? [] : ALSO_ON_OCI;
const WHY_NOT_RUN = 'only root on Linux runs containers without a daemon';

const USAGE = `npm test -- [arguments of Jest]

Runs the tests that need no Docker. RUN_INTEGRATION_TESTS=1 npm test sets up everything and runs all of them, and
GLAMBDAR_ENGINE=oci RUN_INTEGRATION_TESTS=1 npm test every end-to-end test and trial on that engine, without Docker.

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
  const exitCode = await leavingNothing(undefined, (environment) => runSuite(UNIT, environment));
  say(
    '\nSkipped: integration, e2e and trials. RUN_INTEGRATION_TESTS=1 npm test runs them too (needs a Docker Engine).',
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
  const { engine, environment: ofServers } = await setUp();
  try {
    const ofBoth = { ...(await browserEnvironment()), ...(await caddyEnvironment()) };
    const ofOci = CAN_RUN_OCI ? await everyRuntime() : {};
    return await leavingNothing(engine.socketPath, async (inPlace) => {
      const exitCodes = [await runSuite(UNIT, inPlace)];
      for (const suite of ON_CHOSEN_ENGINE)
        exitCodes.push(await runSuite(suite, { ...ofBoth, ...ofServers, ...inPlace }));
      for (const suite of CAN_RUN_OCI ? ALSO_ON_OCI : [])
        exitCodes.push(await runSuite(suite, { ...ofBoth, ...ofOci, ...inPlace }));
      for (const { name } of NOT_RUN) await noteNotRun(name, WHY_NOT_RUN);
      for (const words of notRunIn(await readResults())) say(`\nNOT RUN: ${words}.`);
      return exitCodes.find((exitCode) => exitCode !== 0) ?? 0;
    });
  } finally {
    await engine.stop();
  }
}

/** The specifications of that engine hold for each runtime. @returns {Promise<NodeJS.ProcessEnv>} */
async function everyRuntime() {
  await ensureEveryRuntime();
  return (await setUp('oci')).environment;
}

/**
 * @param {Suite} suite
 * @param {NodeJS.ProcessEnv} environment
 */
function runSuite({ name, projects, flags, environment: ofSuite }, environment) {
  // A file that the arguments pick out is not in every suite: the others then have none to run.
  const picked = jestArguments.length === 0 ? [] : ['--passWithNoTests'];
  const results = ['--json', `--outputFile=${resultFile(name)}`];
  const args = [...jestArguments, ...picked, ...flags, ...results, '--selectProjects', ...projects];
  return runJest(args, { ...environment, ...ofSuite });
}
