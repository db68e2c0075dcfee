import type { FunctionName } from './function-name.js';

/** `fresh`: a never-used container for every call. `warm`: a container may serve several calls of its function. */
export type Isolation = 'fresh' | 'warm';

/** How a function runs. docs/configuration.md and the settings DTO give the limits. */
export interface FunctionSettings {
  readonly isolation: Isolation;
  /** Ready containers kept even when idle. */
  readonly minContainers: number;
  /** Most ready (`fresh`) or running (`warm`) containers. */
  readonly maxContainers: number;
  /** Without a call for this long, nothing above `minContainers` is kept. */
  readonly idleTimeoutSeconds: number;
}

/** Code as published: never changed afterwards. */
export interface FunctionVersion {
  /** Never reused, also across deletion and redeploy; part of the code's directory. */
  readonly id: string;
  /** 1, 2, 3… within the function. */
  readonly number: number;
  /** Of the uploaded archive, hexadecimal. */
  readonly sha256: string;
  /** Unpacked size. */
  readonly codeBytes: number;
  readonly fileCount: number;
  readonly createdAt: Date;
}

export interface DeployedFunction {
  /** Never reused: a function deleted and deployed again is another function. */
  readonly id: string;
  readonly name: FunctionName;
  readonly version: FunctionVersion;
  readonly settings: FunctionSettings;
  readonly createdAt: Date;
  readonly lastInvokedAt: Date | null;
  /** Admitted calls, once each, whatever their outcome. */
  readonly invokeCount: number;
}
