/** What of this machine matters to a server. Gathered in one place, judged in another. */
import type { LocatedRuntime } from './runtimes-on-path.js';

export interface DockerFacts {
  readonly kind: 'docker';
  readonly socketPath: string;
  /** What a ping of the socket says. */
  readonly state: 'reachable' | 'permission-denied' | 'absent' | 'remote';
  readonly version?: string;
  readonly memoryBytes?: number;
  readonly limitsMemory?: boolean;
  readonly limitsProcesses?: boolean;
  /** Whether it has the image in which functions run. */
  readonly hasWorkerImage?: boolean;
}

/** Where the server runs containers itself (GLAMBDAR_ENGINE=oci). */
export interface OciFacts {
  readonly kind: 'oci';
  /** What GLAMBDAR_OCI_RUNTIME says; empty for any. */
  readonly chosen: string;
  /** Those that are there, the ones that cannot be used among them. */
  readonly runtimes: readonly LocatedRuntime[];
  readonly memoryBytes: number;
  readonly limitsMemory: boolean;
  readonly limitsProcesses: boolean;
  readonly hasWorkerImage: boolean;
}

export type EngineFacts = DockerFacts | OciFacts;

export interface MachineFacts {
  readonly nodeVersion: string;
  readonly platform: string;
  readonly arch: string;
  readonly isRoot: boolean;
  /** A Debian or Ubuntu, or one of their kin. */
  readonly hasApt: boolean;
  /** The working copy that can start a server. */
  readonly checkout: string | undefined;
  readonly isInstalled: boolean;
  readonly engine: EngineFacts;
  /** Of the file system with the server's directory. */
  readonly freeDiskBytes: number | undefined;
  readonly address: string;
  readonly port: 'free' | 'glambdar' | 'other' | 'not-allowed';
  readonly privateFiles: readonly { readonly path: string; readonly mode: number }[];
}
