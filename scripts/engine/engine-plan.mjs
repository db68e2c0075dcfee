/** What to do about a Docker Engine, decided from facts alone. */

/**
 * @typedef {object} EngineFacts
 * @property {'reachable' | 'permission-denied' | 'absent'} engine what a ping of the socket says
 * @property {string | undefined} dockerHost the engine that the user chose, as `unix://` and a path
 * @property {NodeJS.Platform} platform
 * @property {boolean} isRoot
 * @property {boolean} hasApt a Debian or Ubuntu, or one of their kin
 * @property {boolean} hasSystemd systemd runs the machine's services
 * @property {boolean} isInstalled the program `dockerd` is there
 * @property {boolean} isRunning a `dockerd` process lives, whether it answers or not
 *
 * @typedef {'use' | 'wait' | 'start' | 'start-service' | 'install'} EngineAction
 * @typedef {{ action: EngineAction } | { action: 'advise', sentence: string }} EnginePlan
 */

const THEN = 'then run this again';

/**
 * Only root on Debian or Ubuntu gets an engine installed or started; everyone else gets one sentence.
 * @param {EngineFacts} facts
 * @returns {EnginePlan}
 */
export function planEngine(facts) {
  if (facts.engine === 'reachable') return { action: 'use' };
  const sentence = adviceFor(facts);
  if (sentence !== undefined) return { action: 'advise', sentence };
  if (facts.isRunning) return { action: 'wait' };
  if (!facts.isInstalled) return { action: 'install' };
  return { action: facts.hasSystemd ? 'start-service' : 'start' };
}

/**
 * @param {EngineFacts} facts
 * @returns {string | undefined} undefined where the script can do it itself
 */
function adviceFor({ engine, dockerHost, platform, isRoot, hasApt, isInstalled }) {
  if (dockerHost !== undefined && !dockerHost.startsWith('unix:///')) {
    return `Glambdar shares Unix sockets with its containers, so the Docker Engine has to be on this machine: unset DOCKER_HOST or set it to unix:///path/to/docker.sock, ${THEN}.`;
  }
  if (engine === 'permission-denied') {
    return `You may not use the Docker Engine of this machine: run \`sudo usermod -aG docker $USER\`, log out and in, ${THEN}.`;
  }
  if (dockerHost !== undefined) {
    return `No Docker Engine answers at ${dockerHost}: start that one or unset DOCKER_HOST and GLAMBDAR_DOCKER_SOCKET, ${THEN}.`;
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
