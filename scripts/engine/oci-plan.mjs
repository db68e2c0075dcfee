/** What to do about an OCI runtime, decided from facts alone. */

/** Chosen by itself where nothing is said: the first that can be used. @type {readonly RuntimeName[]} */
const USUAL_RUNTIMES = ['crun', 'runc'];

/** The server's own rule. */
const PLAIN_PATH = /^(\/[\w.-]+)+$/;

/** Debian and Ubuntu call their packages the same. @type {readonly RuntimeName[]} */
export const RUNTIMES = [...USUAL_RUNTIMES, 'runsc'];

/**
 * @typedef {import('../../src/container/engine/oci/runtime-version.js').FoundRuntime} FoundRuntime
 * @typedef {import('../../src/container/engine/oci/runtime-version.js').RuntimeName} RuntimeName
 *
 * @typedef {object} OciFacts
 * @property {string} chosen the runtime that GLAMBDAR_OCI_RUNTIME names; empty for any
 * @property {string} directory where images are kept, as GLAMBDAR_OCI_IMAGES says
 * @property {NodeJS.Platform} platform
 * @property {boolean} isRoot
 * @property {boolean} hasApt a Debian or Ubuntu, or one of their kin
 * @property {readonly FoundRuntime[]} candidates what this machine has of each runtime that would do, the best first
 * @property {boolean} hasInit it has a first process for containers
 *
 * @typedef {{ action: 'use', remark?: string } | { action: 'install', packages: string[] }
 *   | { action: 'advise' | 'refuse', sentence: string }} OciPlan
 */

const THEN = 'then run this again';

/** @param {string} chosen @returns {readonly RuntimeName[]} the runtimes that would do, the best first */
export function candidatesFor(chosen) {
  return chosen === '' ? USUAL_RUNTIMES : RUNTIMES.filter((name) => name === chosen);
}

/**
 * Only root on Debian or Ubuntu gets a runtime installed; everyone else gets one sentence.
 * @param {OciFacts} facts
 * @returns {OciPlan}
 */
export function planOciRuntime({ chosen, directory, platform, isRoot, hasApt, candidates, hasInit }) {
  if (candidatesFor(chosen).length === 0)
    return refuse(`GLAMBDAR_OCI_RUNTIME has to be empty or one of ${RUNTIMES.join(', ')}: correct it`);
  if (!PLAIN_PATH.test(directory))
    return refuse(
      'GLAMBDAR_OCI_IMAGES has to be an absolute path of letters, digits, dots, dashes and underscores: correct it',
    );
  if (platform !== 'linux') return advise('GLAMBDAR_ENGINE=oci needs Linux: unset it to use a Docker Engine');
  if (!isRoot)
    return advise(
      'GLAMBDAR_ENGINE=oci needs root: use `sudo`, or unset GLAMBDAR_ENGINE to use a Docker Engine',
    );
  const isUsable = candidates.some((runtime) => 'version' in runtime);
  const absent = isUsable ? undefined : candidates.find(isMissing);
  if (!isUsable && !absent)
    return advise(
      `GLAMBDAR_ENGINE=oci finds no usable runtime: ${candidates.map(inWords).join('; ')}. Install a newer one`,
    );
  const packages = [...(absent ? [absent.name] : []), ...(hasInit ? [] : ['tini'])];
  if (packages.length > 0)
    return hasApt
      ? { action: 'install', packages }
      : advise(`GLAMBDAR_ENGINE=oci needs what this machine lacks: install ${packages.join(' and ')}`);
  const [best] = candidates;
  return best && 'problem' in best ? { action: 'use', remark: remarkOn(best) } : { action: 'use' };
}

/** @param {FoundRuntime} runtime */
function isMissing(runtime) {
  return 'problem' in runtime && runtime.problem === 'is missing';
}

/** @param {FoundRuntime} runtime */
function inWords(runtime) {
  return `${runtime.name} ${'problem' in runtime ? runtime.problem : runtime.version}`;
}

/** @param {FoundRuntime} better than the one that is used */
function remarkOn(better) {
  const name = better.name;
  return isMissing(better)
    ? `${name} starts containers faster than what is here: \`apt-get install ${name}\`.`
    : `${name} starts containers faster than what is used, but ${inWords(better)}.`;
}

/** @param {string} what @returns {OciPlan} */
function advise(what) {
  return { action: 'advise', sentence: `${what}, ${THEN}.` };
}

/** @param {string} what @returns {OciPlan} */
function refuse(what) {
  return { action: 'refuse', sentence: `${what}, ${THEN}.` };
}
