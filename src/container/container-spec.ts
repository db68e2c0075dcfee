import { Injectable } from '@nestjs/common';
import { join } from 'node:path';
import type { ContainerSettings } from './container.settings.js';
import type { ContainerOwner, ContainerProgram, ContainerSpec } from './engine/container-engine.js';
import { processLimit } from './engine/process-limit.js';
import { sandboxPolicy } from './engine/sandbox-policy.js';
import { writeReadableFile } from './engine/readable-file.js';

/** What a container may use; its processes and open files are limited by the settings, for all functions alike. */
export interface ContainerResources {
  /** `/tmp` included. */
  readonly memoryMiB: number;
  /** In thousandths of a core. */
  readonly cpuMillis: number;
  readonly tmpMiB: number;
}

/** What a container may have instead of what a function's has. */
export interface ProcessAllowance {
  readonly pids: number;
  readonly openFiles: number;
  /** Whether what is written to `/tmp` may be run as a program. */
  readonly tmpPrograms: boolean;
}

export interface LaunchRequest {
  readonly program: ContainerProgram;
  /** Host directory that appears, read-only, at `/glambdar`. */
  readonly runDirectory: string;
  /** Host directory of the code, read-only at `/glambdar/code`; undefined for a prewarmed container. */
  readonly codeDirectory: string | undefined;
  /** What the worker must say in its `hello`. */
  readonly token: string;
  readonly resources: ContainerResources;
  /** A call waits for the worker, which then does not rehearse one first; false unless given. */
  readonly isAwaited?: boolean;
  /** By the engine's name for it; undefined for the one of the settings. */
  readonly ociRuntime?: string | undefined;
  /** Undefined for a function's. */
  readonly allowance?: ProcessAllowance;
  /** Called when the image has to be built first. */
  readonly onMissingImage?: () => void;
}

/** Who a container is, before the engine is asked. */
export interface ContainerIdentity {
  readonly name: string;
  readonly owner: ContainerOwner;
  readonly uid: number;
}

const bytesPerMiB = 1024 * 1024;

/** Known before the engine is asked, so a create whose answer never came can be undone. */
export function containerName({ installation, instance }: ContainerOwner, counter: number): string {
  return `glambdar-${installation}-${instance}-${counter}`;
}

/** Joins what was asked for, who the container is, and the settings. */
export function containerSpec(
  { program, runDirectory, codeDirectory, token, resources, isAwaited, ociRuntime, allowance }: LaunchRequest,
  { name, owner, uid }: ContainerIdentity,
  settings: Pick<ContainerSettings, 'pids' | 'openFiles' | 'ociRuntime'>,
): ContainerSpec {
  const runtime = ociRuntime ?? (settings.ociRuntime === '' ? undefined : settings.ociRuntime);
  return {
    name,
    owner,
    program: {
      ...program,
      environment: {
        GLAMBDAR_TOKEN: token,
        ...(isAwaited && { GLAMBDAR_CALL_WAITS: '1' }),
        ...program.environment,
      },
    },
    policy: sandboxPolicy({
      userId: uid,
      memoryBytes: resources.memoryMiB * bytesPerMiB,
      cpuMillis: resources.cpuMillis,
      processes: processLimit(runtime, allowance?.pids ?? settings.pids),
      openFiles: allowance?.openFiles ?? settings.openFiles,
      tmpPrograms: allowance?.tmpPrograms ?? false,
      tmpBytes: resources.tmpMiB * bytesPerMiB,
      runDirectory,
      codeDirectory,
    }),
    ociRuntime: runtime,
  };
}

/** What a container's user is called inside it, whatever its id. */
const userName = 'function';

/** Where its `HOME` is. There is no shell that it could have. */
const home = '/tmp';
const noShell = '/nonexistent';

/**
 * What a container finds in `/etc`: who its user is, for everything that asks by user id (`os.userInfo()`, `getpwuid`,
 * `getgrgid`). Each container has files of its own: one that several read would be a means to
 * meet, by locks. The image's `/etc/passwd` and `/etc/group` are links to them.
 */
@Injectable()
export class OwnFiles {
  async write(runDirectory: string, id: number): Promise<void> {
    await Promise.all([
      writeReadableFile(join(runDirectory, 'passwd'), passwd(id)),
      writeReadableFile(join(runDirectory, 'group'), group(id)),
    ]);
  }
}

function passwd(id: number): string {
  return [
    `root:x:0:0:root:/:${noShell}`,
    `${userName}:x:${id}:${id}:${userName}:${home}:${noShell}`,
    `nobody:x:65534:65534:nobody:${home}:${noShell}`,
    '',
  ].join('\n');
}

function group(id: number): string {
  return ['root:x:0:', `${userName}:x:${id}:`, 'nogroup:x:65534:', ''].join('\n');
}
