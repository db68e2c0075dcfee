import type { ContainerSettings } from './container.settings.js';
import type { ContainerSpec } from './engine/container-engine.js';

/** What a container may use; its processes and open files are limited by the settings, for all alike. */
export interface ContainerResources {
  /** `/tmp` included. */
  readonly memoryMiB: number;
  /** In thousandths of a core. */
  readonly cpuMillis: number;
  readonly tmpMiB: number;
}

export interface LaunchRequest {
  /** Host directory that appears, read-only, at `/glambdar`. */
  readonly runDirectory: string;
  /** Host directory of the code, read-only at `/glambdar/code`; undefined for a prewarmed container. */
  readonly codeDirectory: string | undefined;
  /** What the worker must say in its `hello`. */
  readonly token: string;
  readonly resources: ContainerResources;
}

const bytesPerMiB = 1024 * 1024;

/** Joins what was asked for, who the container is, and the settings. */
export function containerSpec(
  { runDirectory, codeDirectory, token, resources }: LaunchRequest,
  identity: Pick<ContainerSpec, 'name' | 'uid' | 'labels'>,
  settings: ContainerSettings,
): ContainerSpec {
  return {
    ...identity,
    image: settings.image,
    memoryBytes: resources.memoryMiB * bytesPerMiB,
    cpuMillis: resources.cpuMillis,
    pidsLimit: settings.pids,
    openFilesLimit: settings.openFiles,
    tmpBytes: resources.tmpMiB * bytesPerMiB,
    runDirectory,
    codeDirectory,
    token,
    runtime: settings.runtime === '' ? undefined : settings.runtime,
  };
}
