import type { ContainerResources, ProcessAllowance } from '../../container/container-spec.js';
import type { ContainerProgram } from '../../container/engine/container-engine.js';
import type { RuntimeName } from '../../runtimes/runtime.js';
import type { BuildsSettings } from '../builds.settings.js';

/** Where things are in the image of builds, which `scripts/worker-image` and `docker/build` make. */
const initPath = '/usr/local/bin/tini';
const nodePath = '/usr/local/bin/node';
const builderPath = '/runtime/builder/main.js';

/** For the program that makes images: it makes another one than that of the runtime's functions. */
export function buildImageName(runtime: RuntimeName): string {
  return `build-${runtime}`;
}

/** What a build's container runs. Nothing of the function, its environment or its secrets is in it. */
export function buildProgram(runtime: RuntimeName, settings: BuildsSettings): ContainerProgram {
  return {
    runtime: buildImageName(runtime),
    image: settings[runtime],
    command: [initPath, '--', nodePath, builderPath],
    environment: {
      HOME: '/tmp',
      PATH: '/usr/local/bin:/usr/bin:/bin',
      NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt',
    },
  };
}

export function buildResources({ memoryMiB, cpuMillis, diskMiB }: BuildsSettings): ContainerResources {
  return { memoryMiB, cpuMillis, tmpMiB: diskMiB };
}

/**
 * npm and what it starts are several processes of ten threads each, and install scripts run what they have downloaded. The
 * rest of the policy is that of every container.
 */
export function buildAllowance(runsScripts: boolean): ProcessAllowance {
  return { pids: 256, openFiles: 4096, tmpPrograms: runsScripts };
}
