import type { ContainerSettings } from './container.settings.js';
import type { ContainerSpec } from './engine/container-engine.js';

/** Limits of one container; what is left out is the setting's default. */
export interface ContainerResources {
  readonly memoryMiB?: number;
  readonly cpuMillis?: number;
  readonly tmpMiB?: number;
  readonly pids?: number;
  readonly openFiles?: number;
}

export interface LaunchRequest {
  /** Host directory that appears, read-only, at `/glambdar`. */
  readonly runDirectory: string;
  /** Host directory of the code, read-only at `/glambdar/code`; undefined for a stem. */
  readonly codeDirectory: string | undefined;
  /** What the worker must say in its `hello`. */
  readonly token: string;
  readonly resources?: ContainerResources;
}

const bytesPerMiB = 1024 * 1024;

/** Joins what was asked for, who the container is, and the settings. */
export function containerSpec(
  { runDirectory, codeDirectory, token, resources }: LaunchRequest,
  identity: Pick<ContainerSpec, 'name' | 'uid' | 'labels' | 'hostsFile'>,
  settings: ContainerSettings,
): ContainerSpec {
  const limits = { ...settings, ...resources };
  return {
    ...identity,
    image: settings.image,
    memoryBytes: limits.memoryMiB * bytesPerMiB,
    cpuMillis: limits.cpuMillis,
    pidsLimit: limits.pids,
    openFilesLimit: limits.openFiles,
    tmpBytes: limits.tmpMiB * bytesPerMiB,
    runDirectory,
    codeDirectory,
    token,
    runtime: settings.runtime === '' ? undefined : settings.runtime,
  };
}
