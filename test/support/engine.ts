import { dockerContainers } from './docker-engine.js';
import { ociContainers } from './oci-engine.js';

/** What an engine has of an installation, seen from outside of the server. */
export interface EngineView {
  /** Names of its containers, whatever their state, and of what is left of one. */
  readonly containersOf: (installationId: string) => Promise<string[]>;
  /** Names of those that run builds. */
  readonly buildContainersOf: (installationId: string) => Promise<string[]>;
  /** The engine's own record of each; one that has just been used may be gone before it is read. */
  readonly recordsOf: (installationId: string) => Promise<string[]>;
}

const { GLAMBDAR_ENGINE: chosenEngine, GLAMBDAR_OCI_RUNTIME: chosenRuntime = '' } = process.env;

/** The engine of this run's servers: theirs to choose by the same variable. */
export const isOci = chosenEngine === 'oci';

/** What makes the containers of servers that run them themselves: crun, unless another one is chosen. */
export const ociRuntime = isOci ? (chosenRuntime === '' ? 'crun' : chosenRuntime) : undefined;

/** All that a container finds beside its code. Only crun covers what is hidden with an empty file of the container's own. */
export const ownFiles = ['code', 'group', ...(ociRuntime === 'crun' ? ['hidden'] : []), 'hosts', 'passwd'];

export const { containersOf, buildContainersOf, recordsOf } = isOci ? ociContainers : dockerContainers;
