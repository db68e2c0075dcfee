/** What this machine has for a server that runs an OCI runtime itself: programs on PATH, and a directory of images. */
import { constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import path from 'node:path';
import type { Environment } from '../../host.js';
import type { OciFacts } from './machine-facts.js';

const usualRuntimes = ['crun', 'runc'];
const defaultImages = '/var/lib/glambdar-images';

export async function ociFacts(environment: Environment, cgroups = '/sys/fs/cgroup'): Promise<OciFacts> {
  const {
    GLAMBDAR_OCI_RUNTIME: chosen = '',
    GLAMBDAR_OCI_IMAGES: images = defaultImages,
    GLAMBDAR_WORKER_IMAGE: image = '',
    PATH = '',
  } = environment;
  const names = chosen === '' ? usualRuntimes : [chosen];
  const directories = PATH.split(path.delimiter).filter((directory) => path.isAbsolute(directory));
  const candidates = names.flatMap((name) => directories.map((directory) => path.join(directory, name)));
  const found = await Promise.all(candidates.map(isExecutable));
  const runtime = candidates.find((_candidate, index) => found[index]);
  const [repository = '', tag] = image === '' ? ['glambdar-worker'] : image.split(':');
  const controllers = await controllersIn(cgroups);
  const tags = await readdir(path.join(images, repository)).catch(() => []);
  return {
    kind: 'oci',
    wanted: names[0] ?? '',
    ...(runtime === undefined ? {} : { runtime }),
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

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
