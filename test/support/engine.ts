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

/** The engine of this run's servers: theirs to choose by the same variable. */
export const isOci = process.env['GLAMBDAR_ENGINE'] === 'oci';

export const { containersOf, buildContainersOf, recordsOf } = isOci ? ociContainers : dockerContainers;
