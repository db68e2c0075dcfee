/** What the Docker Engine says of itself, over its Unix socket: `docker` itself need not be installed. */
import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Environment } from '../../host.js';
import type { DockerFacts } from './machine-facts.js';

const defaultSocket = '/var/run/docker.sock';
const answerMs = 5_000;

export async function dockerFacts(environment: Environment): Promise<DockerFacts> {
  const { GLAMBDAR_DOCKER_SOCKET = '', DOCKER_HOST = '', GLAMBDAR_WORKER_IMAGE = '' } = environment;
  const chosen = GLAMBDAR_DOCKER_SOCKET === '' ? DOCKER_HOST : GLAMBDAR_DOCKER_SOCKET;
  if (/^(tcp|ssh|https?|npipe):/.test(chosen)) return { kind: 'docker', socketPath: chosen, state: 'remote' };
  const socketPath = chosen.replace(/^unix:\/\//, '') || defaultSocket;
  try {
    const info = (await ask(socketPath, '/info')) as Partial<Record<string, unknown>>;
    const images = (await ask(socketPath, '/images/json')) as {
      readonly RepoTags?: readonly string[] | null;
    }[];
    const wanted = GLAMBDAR_WORKER_IMAGE === '' ? 'glambdar-worker:' : GLAMBDAR_WORKER_IMAGE;
    return {
      kind: 'docker',
      socketPath,
      state: 'reachable',
      ...(typeof info['ServerVersion'] === 'string' ? { version: info['ServerVersion'] } : {}),
      ...(typeof info['MemTotal'] === 'number' ? { memoryBytes: info['MemTotal'] } : {}),
      limitsMemory: info['MemoryLimit'] !== false,
      limitsProcesses: info['PidsLimit'] !== false,
      hasWorkerImage: images.some(({ RepoTags }) => RepoTags?.some((tag) => tag.startsWith(wanted)) === true),
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      kind: 'docker',
      socketPath,
      state: code === 'EACCES' || code === 'EPERM' ? 'permission-denied' : 'absent',
    };
  }
}

async function ask(socketPath: string, route: string): Promise<unknown> {
  const signal = AbortSignal.timeout(answerMs);
  const request = requestHttp({ socketPath, path: route, agent: false, signal });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return json(response);
}
