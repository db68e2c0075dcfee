/** What containers run on: the Docker Engine of this machine, or an OCI runtime; brought about where that is possible. */
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hasApt, installPackages } from '../setup/apt.mjs';
import { runToSuccess } from '../setup/child-process.mjs';
import { say, step } from '../setup/progress.mjs';
import { ConfigurationError, SetupError } from '../setup/script.mjs';
import { dockerImages } from '../worker-image/docker-images.mjs';
import { DEFAULT_PLACES, engineAnswers, isRunning, startDockerd } from './dockerd.mjs';
import { pingEngine } from './engine-api.mjs';
import { chosenEngine, planEngine } from './engine-plan.mjs';
import { ensureOciEngine } from './oci-engine.mjs';

/**
 * @typedef {object} Engine
 * @property {import('../worker-image/image-store.mjs').ImageStore} images
 * @property {NodeJS.ProcessEnv} environment what tells the server of it
 * @property {string | undefined} socketPath of a Docker Engine
 * @property {boolean} isStartedHere
 * @property {() => Promise<void>} stop stops an engine that was started here; does nothing to any other
 *
 * @typedef {import('./engine-plan.mjs').EngineFacts} EngineFacts
 */

/**
 * Resolves to an engine that is ready.
 * @param {string} [engine] the one that GLAMBDAR_ENGINE names, unless it is said
 * @returns {Promise<Engine>}
 * @throws {SetupError} with one sentence on what to do where this script cannot do it
 */
export async function ensureEngine(engine = process.env['GLAMBDAR_ENGINE'] || 'docker') {
  switch (engine) {
    case 'docker':
      return bringAbout(true);
    case 'oci':
      return ensureOciEngine();
    default:
      throw new ConfigurationError(
        'GLAMBDAR_ENGINE has to be one of docker, oci: correct it, then run this again.',
      );
  }
}

/**
 * @param {boolean} mayInstall false once it has been done: it is not tried again
 * @returns {Promise<Engine>}
 */
async function bringAbout(mayInstall) {
  const facts = await gatherFacts(chosenEngine(process.env));
  const plan = planEngine(facts);
  const socketPath = facts.socketPath;
  switch (plan.action) {
    case 'use':
      return { ...dockerAt(socketPath), isStartedHere: false, stop: async () => undefined };
    case 'refuse':
      throw new ConfigurationError(plan.sentence);
    case 'advise':
      throw new SetupError(plan.sentence);
    case 'wait':
      if (await step('Waiting for the Docker Engine', () => engineAnswers(socketPath)))
        return bringAbout(mayInstall);
      throw new SetupError('A Docker Engine runs but does not answer: restart it, then run this again.');
    case 'install':
      if (!mayInstall)
        throw new SetupError(
          'docker.io was installed but holds no dockerd: install Docker, then run this again.',
        );
      say('No Docker Engine is installed: installing docker.io and iptables with apt-get.');
      await step('Installing the Docker Engine', () => installPackages(['docker.io', 'iptables']));
      return afterInstall();
    case 'start-service':
      await step('Starting the Docker Engine', () => runToSuccess('systemctl', ['start', 'docker']));
      return { ...dockerAt(socketPath), isStartedHere: true, stop: stopService };
    case 'start': {
      const stop = await step('Starting the Docker Engine', () => startDockerd());
      return { ...dockerAt(socketPath), isStartedHere: true, stop };
    }
    default:
      throw new Error(`unknown plan for the engine: ${/** @type {never} */ (plan)}`);
  }
}

/** @param {string} socketPath */
function dockerAt(socketPath) {
  return {
    images: dockerImages(socketPath),
    environment: { DOCKER_HOST: `unix://${socketPath}` },
    socketPath,
  };
}

/** The package may have started the engine as a service by itself: it was not there before, so it is ours to stop. */
async function afterInstall() {
  const engine = await bringAbout(false);
  if (engine.isStartedHere) return engine;
  return { ...engine, isStartedHere: true, stop: stopService };
}

async function stopService() {
  const hasSystemd = existsSync('/run/systemd/system');
  // With systemd the socket would start the service again at the next request.
  if (hasSystemd) await runToSuccess('systemctl', ['stop', 'docker.socket', 'docker.service']);
  else await runToSuccess('service', ['docker', 'stop']);
}

/**
 * @param {EngineFacts['chosen']} chosen
 * @returns {Promise<EngineFacts & { socketPath: string }>}
 */
async function gatherFacts(chosen) {
  const socketPath = chosen ? chosen.value.replace(/^unix:\/\//, '') : usualSocketPath();
  return {
    socketPath,
    engine: await pingEngine(socketPath),
    chosen,
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    hasApt: await hasApt(),
    hasSystemd: existsSync('/run/systemd/system'),
    isInstalled: ['/usr/sbin', '/usr/bin', '/usr/local/bin'].some((directory) =>
      existsSync(`${directory}/dockerd`),
    ),
    isRunning: await isRunning(DEFAULT_PLACES.pidFile, 'dockerd'),
  };
}

function usualSocketPath() {
  // Docker Desktop links the usual path only when it is asked to.
  const ofDockerDesktop = path.join(os.homedir(), '.docker', 'run', 'docker.sock');
  const isUsualThere = existsSync(DEFAULT_PLACES.socketPath);
  return !isUsualThere && existsSync(ofDockerDesktop) ? ofDockerDesktop : DEFAULT_PLACES.socketPath;
}
