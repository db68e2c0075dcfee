/** What to do about an OCI runtime, decided from facts alone. */

/** Chosen by itself where nothing is said: the first that is there. */
const USUAL_RUNTIMES = ['crun', 'runc'];

/** The server's own rule. */
const PLAIN_PATH = /^(\/[\w.-]+)+$/;

/** Debian and Ubuntu call their packages the same. */
export const RUNTIMES = [...USUAL_RUNTIMES, 'runsc'];

/**
 * @typedef {object} OciFacts
 * @property {string} chosen the runtime that GLAMBDAR_OCI_RUNTIME names; empty for any
 * @property {string} directory where images are kept, as GLAMBDAR_OCI_IMAGES says
 * @property {NodeJS.Platform} platform
 * @property {boolean} isRoot
 * @property {boolean} hasApt a Debian or Ubuntu, or one of their kin
 * @property {readonly string[]} installed which runtimes this machine has
 * @property {boolean} hasInit it has a first process for containers
 *
 * @typedef {{ action: 'use', remark?: string } | { action: 'install', packages: string[] }
 *   | { action: 'advise' | 'refuse', sentence: string }} OciPlan
 */

const THEN = 'then run this again';

/**
 * Only root on Debian or Ubuntu gets a runtime installed; everyone else gets one sentence.
 * @param {OciFacts} facts
 * @returns {OciPlan}
 */
export function planOciRuntime({ chosen, directory, platform, isRoot, hasApt, installed, hasInit }) {
  if (chosen !== '' && !RUNTIMES.includes(chosen))
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
  const isThere = (chosen === '' ? USUAL_RUNTIMES : [chosen]).some((name) => installed.includes(name));
  const packages = [...(isThere ? [] : [chosen || 'crun']), ...(hasInit ? [] : ['tini'])];
  if (packages.length > 0)
    return hasApt
      ? { action: 'install', packages }
      : advise(`GLAMBDAR_ENGINE=oci needs what this machine lacks: install ${packages.join(' and ')}`);
  return chosen === '' && !installed.includes('crun')
    ? { action: 'use', remark: 'Containers run by runc; crun starts them faster: `apt-get install crun`.' }
    : { action: 'use' };
}

/** @param {string} what @returns {OciPlan} */
function advise(what) {
  return { action: 'advise', sentence: `${what}, ${THEN}.` };
}

/** @param {string} what @returns {OciPlan} */
function refuse(what) {
  return { action: 'refuse', sentence: `${what}, ${THEN}.` };
}
