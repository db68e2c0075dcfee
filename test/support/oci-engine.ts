import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineView } from './engine.js';

const stateDirectory = process.env['GLAMBDAR_OCI_STATE'] ?? '/run/glambdar-oci';
const cgroupDirectory = '/sys/fs/cgroup';

/** Read from the disk and the kernel, as there is nobody else to ask. */
export const ociContainers: EngineView = {
  async containersOf(installationId) {
    return [...new Set([...(await bundles(installationId)), ...(await cgroups(installationId))])];
  },
  async buildContainersOf(installationId) {
    const names = await bundles(installationId);
    const records = await Promise.all(names.map((name) => recordOf(installationId, name)));
    return names.filter((_, index) => records[index]?.includes('/runtime/builder/'));
  },
  async recordsOf(installationId) {
    const names = await bundles(installationId);
    const records = await Promise.all(names.map((name) => recordOf(installationId, name)));
    return records.filter((record) => record !== undefined);
  },
};

function bundles(installationId: string): Promise<string[]> {
  return namesIn(join(stateDirectory, installationId, 'containers'));
}

function recordOf(installationId: string, name: string): Promise<string | undefined> {
  const path = join(stateDirectory, installationId, 'containers', name, 'config.json');
  return readFile(path, 'utf8').catch(() => undefined);
}

/** Of every hierarchy: there is one, or one for each controller, or both. */
async function cgroups(installationId: string): Promise<string[]> {
  const hierarchies = [cgroupDirectory, ...(await directoriesIn(cgroupDirectory))];
  const found = hierarchies.map((hierarchy) => directoriesIn(join(hierarchy, 'glambdar', installationId)));
  return (await Promise.all(found)).flat().map((path) => path.slice(path.lastIndexOf('/') + 1));
}

async function directoriesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(directory, name));
}

function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}
