/** `npm run check`: formatting, types, lint and architecture. All run, also when one fails. */
import { runCaptured } from './setup/child-process.mjs';
import { readCommandLine } from './setup/command-line.mjs';
import { ensureBuild, ensureDependencies } from './setup/set-up.mjs';
import { installedProgram } from './setup/project.mjs';
import { runScript } from './setup/script.mjs';

/** @typedef {{ name: string, program: string, args: string[] }} Check */

/** @type {Check[]} */
const CHECKS = [
  { name: 'formatting', program: 'prettier', args: ['--check', '.'] },
  { name: 'types', program: 'tsc', args: ['--noEmit'] },
  { name: 'types of scripts', program: 'tsc', args: ['--noEmit', '--project', 'scripts'] },
  { name: 'types of cli', program: 'tsc', args: ['--noEmit', '--project', 'cli'] },
  { name: 'types of dashboard', program: 'tsc', args: ['--noEmit', '--project', 'dashboard'] },
  { name: 'lint', program: 'eslint', args: ['.'] },
  {
    name: 'architecture',
    program: 'depcruise',
    args: ['src', 'worker', 'cli/src', 'dashboard/src', '--config', '.dependency-cruiser.cjs'],
  },
];

readCommandLine({
  usage:
    'npm run check\n\nChecks formatting, types, lint and architecture; all of them, also when one fails.',
});

await runScript(async () => {
  await ensureDependencies();
  // The command line and the dashboard are checked against the client that the build generates.
  await ensureBuild();
  const results = await Promise.all(CHECKS.map(run));
  for (const { name, isPassed, output } of results) {
    if (!isPassed) console.log(`--- ${name}\n${output.trimEnd()}\n`);
  }
  for (const { name, isPassed, seconds } of results) {
    console.log(`${name.padEnd(20)}${isPassed ? 'passed' : 'FAILED'}  ${seconds} s`);
  }
  return results.every((result) => result.isPassed) ? 0 : 1;
});

/** @param {Check} check */
async function run({ name, program, args }) {
  const startedAt = performance.now();
  const { exitCode, output } = await runCaptured(installedProgram(program), args);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  return { name, isPassed: exitCode === 0, output, seconds };
}
