/** The machine that a run was on, and what ran there: numbers mean nothing without. */
import { execFile } from 'node:child_process';
import os from 'node:os';
import { promisify } from 'node:util';
import { inProject, projectNode } from '../../../scripts/setup/project.mjs';
import { describeGenerator } from '../load/run-load.mjs';

const run = promisify(execFile);

/**
 * @typedef {object} Machine
 * @property {string} processor
 * @property {number} cores
 * @property {number} memoryGiB
 * @property {string} system
 * @property {string} node that server, worker and functions-framework run on
 * @property {string} engine
 * @property {string} image
 * @property {string} commit
 * @property {string} loadGenerator
 */

/**
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<Machine>}
 */
export async function describeMachine(bench) {
  const cpus = os.cpus();
  return {
    processor: cpus[0]?.model ?? 'unknown',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 1024 ** 3),
    system: `${os.type()} ${os.release()}`,
    node: await outputOf(projectNode(), ['--version']),
    engine: `Docker Engine ${await bench.engine.version()}`,
    image: bench.image,
    commit: await outputOf('git', ['-C', inProject('.'), 'describe', '--always', '--dirty']),
    loadGenerator: await describeGenerator(),
  };
}

/** @param {string} program @param {string[]} args */
function outputOf(program, args) {
  return run(program, args).then(
    ({ stdout }) => stdout.trim(),
    () => 'unknown',
  );
}
