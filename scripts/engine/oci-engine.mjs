/** Finds an OCI runtime on this machine, or installs one where that is possible. No Docker Engine is asked for anything. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasApt, installPackages } from '../setup/apt.mjs';
import { say, step } from '../setup/progress.mjs';
import { childEnvironment, DIST_DIRECTORY } from '../setup/project.mjs';
import { ConfigurationError, SetupError } from '../setup/script.mjs';
import { initProgram } from '../worker-image/init-program.mjs';
import { unpackedImages } from '../worker-image/unpacked-images.mjs';
import { candidatesFor, planOciRuntime, RUNTIMES } from './oci-plan.mjs';

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
  /** @type {Set<string>} */
  const installed = new Set();
  // Again where a distribution's first choice turns out to be too old.
  while (plan.action === 'install' && !plan.packages.every((name) => installed.has(name))) {
    const { packages } = plan;
    const names = packages.join(' and ');
    say(`This machine lacks ${names}: installing with apt-get.`);
    await step(`Installing ${names}`, () => installPackages(packages));
    for (const name of packages) installed.add(name);
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
    candidates: await look(candidatesFor(chosen)),
    hasInit: (await initProgram()) !== undefined,
  };
}

/** The server's own judgement, which the build has compiled: it decides in the end. */
const JUDGEMENT = path.join(DIST_DIRECTORY, 'src/container/engine/oci/runtime-version.js');

/**
 * @param {readonly import('./oci-plan.mjs').RuntimeName[]} names
 * @returns {Promise<import('./oci-plan.mjs').FoundRuntime[]>}
 */
async function look(names) {
  /** @type {typeof import('../../src/container/engine/oci/runtime-version.js')} */
  const { lookForRuntime } = await import(pathToFileURL(JUDGEMENT).href);
  const searched = childEnvironment()['PATH'] ?? '';
  return Promise.all(names.map((name) => lookForRuntime(name, searched)));
}
