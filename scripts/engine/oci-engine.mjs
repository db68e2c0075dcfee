/** Finds an OCI runtime on this machine, or installs one where that is possible. No Docker Engine is asked for anything. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { hasApt, installPackages } from '../setup/apt.mjs';
import { say, step } from '../setup/progress.mjs';
import { childEnvironment } from '../setup/project.mjs';
import { ConfigurationError, SetupError } from '../setup/script.mjs';
import { initProgram } from '../worker-image/init-program.mjs';
import { unpackedImages } from '../worker-image/unpacked-images.mjs';
import { planOciRuntime, RUNTIMES } from './oci-plan.mjs';

/** As the server has it. */
const DEFAULT_IMAGES = '/var/lib/glambdar-images';

/**
 * @param {string} [chosen] the runtime; any, if empty
 * @returns {Promise<import('./engine.mjs').Engine>}
 * @throws {SetupError} with one sentence on what to do where this script cannot do it
 */
export async function ensureOciEngine(chosen = process.env['GLAMBDAR_OCI_RUNTIME'] ?? '') {
  const directory = process.env['GLAMBDAR_OCI_IMAGES'] || DEFAULT_IMAGES;
  let plan = planOciRuntime(await gatherFacts(chosen, directory));
  if (plan.action === 'install') {
    const { packages } = plan;
    const names = packages.join(' and ');
    say(`This machine lacks ${names}: installing with apt-get.`);
    await step(`Installing ${names}`, () => installPackages(packages));
    plan = planOciRuntime(await gatherFacts(chosen, directory));
  }
  switch (plan.action) {
    case 'use':
      if (plan.remark !== undefined) say(plan.remark);
      return {
        images: unpackedImages(directory),
        // What chooses a Docker Engine means nothing here, and is not held against whoever has set it.
        environment: { DOCKER_HOST: '', GLAMBDAR_DOCKER_SOCKET: '' },
        socketPath: undefined,
        isStartedHere: false,
        stop: async () => undefined,
      };
    case 'refuse':
      throw new ConfigurationError(plan.sentence);
    case 'advise':
      throw new SetupError(plan.sentence);
    case 'install':
      throw new SetupError(
        `${plan.packages.join(' and ')} was installed but cannot be found on PATH: correct PATH, then run this again.`,
      );
    default:
      throw new Error(`unknown plan for the runtime: ${/** @type {never} */ (plan)}`);
  }
}

/** For tests, which use each of them. @returns {Promise<import('./engine.mjs').Engine>} */
export async function ensureEveryRuntime() {
  for (const runtime of RUNTIMES) await ensureOciEngine(runtime);
  return ensureOciEngine();
}

/**
 * @param {string} chosen
 * @param {string} directory
 * @returns {Promise<import('./oci-plan.mjs').OciFacts>}
 */
async function gatherFacts(chosen, directory) {
  return {
    chosen,
    directory,
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    hasApt: await hasApt(),
    installed: RUNTIMES.filter(isOnPath),
    hasInit: (await initProgram()) !== undefined,
  };
}

/** Where the server will look, too. @param {string} program */
function isOnPath(program) {
  const directories = (childEnvironment()['PATH'] ?? '').split(path.delimiter).filter(path.isAbsolute);
  return directories.some((directory) => isExecutable(path.join(directory, program)));
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
