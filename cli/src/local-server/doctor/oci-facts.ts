/** What this machine has for a server that runs an OCI runtime itself: programs on PATH, and a directory of images. */
import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import path from 'node:path';
import type { Environment } from '../../host.js';
import type { OciFacts } from './machine-facts.js';

const usualRuntimes = ['crun', 'runc'];
const defaultImages = '/var/lib/glambdar-images';

export async function ociFacts(environment: Environment): Promise<OciFacts> {
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
  const tags = await readdir(path.join(images, repository)).catch(() => []);
  return {
    kind: 'oci',
    wanted: names[0] ?? '',
    ...(runtime === undefined ? {} : { runtime }),
    memoryBytes: totalmem(),
    hasWorkerImage: tags.some((name) => (tag === undefined ? !name.startsWith('.') : name === tag)),
  };
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
