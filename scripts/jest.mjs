/** Runs Jest on the project's own Node.js, in the foreground. */
import { runInForeground } from './setup/child-process.mjs';
import { installedProgram, projectNode } from './setup/project.mjs';

/**
 * Resolves to Jest's exit code.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} environment
 */
export function runJest(args, environment) {
  return runInForeground(projectNode(), [installedProgram('jest'), ...args], {
    ...environment,
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --experimental-vm-modules`.trim(),
  });
}
