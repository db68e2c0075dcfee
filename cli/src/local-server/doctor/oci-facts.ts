/** What this machine has for a server that runs an OCI runtime itself: programs on PATH, and a directory of images. */
import { readdir, readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import path from 'node:path';
import type { Environment } from '../../host.js';
import type { OciFacts } from './machine-facts.js';
import { runtimesOnPath } from './runtimes-on-path.js';

const defaultImages = '/var/lib/glambdar-images';

export async function ociFacts(environment: Environment, cgroups = '/sys/fs/cgroup'): Promise<OciFacts> {
  const {
    GLAMBDAR_OCI_RUNTIME: chosen = '',
    GLAMBDAR_OCI_IMAGES: images = defaultImages,
    GLAMBDAR_WORKER_IMAGE: image = '',
    PATH = '',
  } = environment;
  const [repository = '', tag] = image === '' ? ['glambdar-worker'] : image.split(':');
  const controllers = await controllersIn(cgroups);
  const tags = await readdir(path.join(images, repository)).catch(() => []);
  return {
    kind: 'oci',
    chosen,
    runtimes: await runtimesOnPath(PATH),
    memoryBytes: totalmem(),
    limitsMemory: controllers.includes('memory'),
    limitsProcesses: controllers.includes('pids'),
    hasWorkerImage: tags.some((name) => (tag === undefined ? !name.startsWith('.') : name === tag)),
  };
}

/** Version 2 of control groups has a list of them, version 1 a directory for each. */
async function controllersIn(cgroups: string): Promise<readonly string[]> {
  const listed = await readFile(path.join(cgroups, 'cgroup.controllers'), 'utf8').catch(() => undefined);
  return listed?.trim().split(' ') ?? (await readdir(cgroups).catch(() => []));
}
