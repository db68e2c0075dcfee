/** What to do about a Docker Engine, decided from facts alone. */

/**
 * @typedef {object} EngineFacts
 * @property {'reachable' | 'permission-denied' | 'absent'} engine what a ping of the socket says
 * @property {{ variable: string, value: string } | undefined} chosen the engine that the user chose: by what setting, and where it is
 * @property {NodeJS.Platform} platform
 * @property {boolean} isRoot
 * @property {boolean} hasApt a Debian or Ubuntu, or one of their kin
 * @property {boolean} hasSystemd systemd runs the machine's services
 * @property {boolean} isInstalled the program `dockerd` is there
 * @property {boolean} isRunning a `dockerd` process lives, whether it answers or not
 *
 * @typedef {'use' | 'wait' | 'start' | 'start-service' | 'install'} EngineAction
 * @typedef {{ action: EngineAction } | { action: 'advise' | 'refuse', sentence: string }} EnginePlan
 */

/** Docker's own name for the engine at the usual place. */
const USUAL_CONTEXT = 'default';

/**
 * The engine that the user chose: the server's own setting first, then what other Docker tools go by. Set to nothing
 * counts as not set, as it does for them.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {EngineFacts['chosen']}
 */
export function chosenEngine(environment) {
  const variable = ['GLAMBDAR_DOCKER_SOCKET', 'DOCKER_HOST', 'DOCKER_CONTEXT'].find(
    (name) => environment[name],
  );
  const value = variable === undefined ? undefined : environment[variable];
  if (variable === undefined || value === undefined) return undefined;
  return variable === 'DOCKER_CONTEXT' && value === USUAL_CONTEXT ? undefined : { variable, value };
}

const THEN = 'then run this again';

/**
 * A setting that names no socket of this machine is refused, whatever else answers: another engine is not the one that
 * was asked for. Only root on Debian or Ubuntu gets an engine installed or started; everyone else gets one sentence.
 * @param {EngineFacts} facts
 * @returns {EnginePlan}
 */
export function planEngine(facts) {
  const refusal = refusalOf(facts);
  if (refusal !== undefined) return { action: 'refuse', sentence: refusal };
  if (facts.engine === 'reachable') return { action: 'use' };
  const sentence = adviceFor(facts);
  if (sentence !== undefined) return { action: 'advise', sentence };
  if (facts.isRunning) return { action: 'wait' };
  if (!facts.isInstalled) return { action: 'install' };
  return { action: facts.hasSystemd ? 'start-service' : 'start' };
}

/**
 * @param {EngineFacts} facts
 * @returns {string | undefined}
 */
function refusalOf({ chosen }) {
  if (chosen === undefined) return undefined;
  switch (chosen.variable) {
    case 'DOCKER_CONTEXT':
      return `Glambdar reads no Docker contexts: unset DOCKER_CONTEXT, or name the engine's socket with GLAMBDAR_DOCKER_SOCKET=/path/to/docker.sock, ${THEN}.`;
    case 'GLAMBDAR_DOCKER_SOCKET':
      return /^\/./.test(chosen.value)
        ? undefined
        : `GLAMBDAR_DOCKER_SOCKET has to be an absolute path: set it to /path/to/docker.sock, ${THEN}.`;
    default:
      return /^unix:\/\/\/./.test(chosen.value)
        ? undefined
        : `Glambdar shares Unix sockets with its containers, so the Docker Engine has to be on this machine: unset ${chosen.variable} or set it to unix:///path/to/docker.sock, ${THEN}.`;
  }
}

/**
 * @param {EngineFacts} facts
 * @returns {string | undefined} undefined where the script can do it itself
 */
function adviceFor({ engine, chosen, platform, isRoot, hasApt, isInstalled }) {
  if (engine === 'permission-denied') {
    return `You may not use the Docker Engine of this machine: run \`sudo usermod -aG docker $USER\`, log out and in, ${THEN}.`;
  }
  if (chosen !== undefined) {
    return `No Docker Engine answers at ${chosen.value}: start that one or unset ${chosen.variable}, ${THEN}.`;
  }
  if (platform === 'darwin') return `Glambdar needs a Docker Engine: start Docker Desktop, ${THEN}.`;
  if (platform !== 'linux') return `Glambdar needs Linux or macOS: on Windows use WSL 2, ${THEN}.`;
  if (!isRoot) {
    return isInstalled
      ? `No Docker Engine runs: start it with \`sudo systemctl start docker\`, ${THEN}.`
      : `Glambdar needs a Docker Engine: install one (Debian, Ubuntu: \`sudo apt-get install docker.io\`), ${THEN}.`;
  }
  if (!isInstalled && !hasApt) return `Glambdar needs a Docker Engine: install and start Docker, ${THEN}.`;
  return undefined;
}
