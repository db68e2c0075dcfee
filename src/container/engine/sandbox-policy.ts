import { type SystemCallPolicy, systemCalls } from './system-calls.js';

/**
 * What a container is, has, sees and may do, in no engine's words: an engine renders it and adds nothing to it. A golden
 * file holds it, so that nothing is gained or lost unseen.
 */
export interface SandboxPolicy {
  readonly identity: {
    readonly userId: number;
    readonly groupId: number;
    /** A program that would run as another user does not. */
    readonly mayGainPrivileges: false;
  };
  readonly capabilities: readonly [];
  readonly systemCalls: SystemCallPolicy;
  /** A private namespace with the loopback interface alone; `kernelSettings` are the namespace's. */
  readonly network: {
    readonly interfaces: 'loopback';
    readonly kernelSettings: Readonly<Record<string, string>>;
  };
  /** Besides the network's, those of processes, mounts and host names are the container's own. */
  readonly namespaces: { readonly sharedMemory: 'none'; readonly controlGroup: 'private' };
  readonly limits: {
    readonly memoryBytes: number;
    readonly swapBytes: 0;
    /** In thousandths of a core. */
    readonly cpuMillis: number;
    /** Against 1024 of every other group of processes, where processors are short. */
    readonly cpuShares: number;
    readonly processes: number;
    /** When the host runs out of memory, what has more of these goes first. */
    readonly outOfMemoryScore: number;
    readonly perProcess: Readonly<Record<ProcessLimit, number>>;
  };
  readonly mounts: {
    readonly root: 'read-only';
    /** Host directories, each without those that are mounted below it. */
    readonly readOnly: readonly ReadOnlyMount[];
    readonly temporary: TemporaryMount;
  };
  /** Of `/proc` and `/sys`. */
  readonly hiddenPaths: readonly string[];
  /** Of `/proc`; `/sys` is read-only as a whole. */
  readonly readOnlyPaths: readonly string[];
}

export type ProcessLimit = 'nofile' | 'core' | 'memlock' | 'sigpending' | 'msgqueue';

export interface ReadOnlyMount {
  readonly source: string;
  readonly target: string;
}

/** The only place that can be written to; it counts towards the memory. */
export interface TemporaryMount {
  readonly target: string;
  readonly bytes: number;
  readonly files: number;
  readonly mode: number;
  readonly mayHold: {
    readonly programs: boolean;
    readonly otherUsersPrograms: false;
    readonly devices: false;
  };
}

/** How one container differs from others. */
export interface SandboxAllotment {
  /** Of user and group. */
  readonly userId: number;
  readonly memoryBytes: number;
  readonly cpuMillis: number;
  readonly processes: number;
  /** Of one process. */
  readonly openFiles: number;
  readonly tmpBytes: number;
  /** Whether what is written there may be run as a program. */
  readonly tmpPrograms: boolean;
  /** Host directory with the worker's socket and the container's own files. */
  readonly runDirectory: string;
  /** Host directory of the code; undefined for a prewarmed container. */
  readonly codeDirectory: string | undefined;
}

/** Where a container finds what the server gives it. */
export const runMountPoint = '/glambdar';
export const codeMountPoint = '/glambdar/code';

/**
 * Where the kernel does not charge buffers of TCP to the container (version 1 of cgroups), these bound them: of a
 * connection, 96 KiB received and 32 KiB sent each way; of a listener, 128 connections that were not accepted; and what
 * closed connections leave for a minute. Less to receive would be below the loopback's segments, each of which would wait
 * for a timer.
 */
const boundedTcpMemory = {
  'net.ipv4.tcp_rmem': '4096 98304 98304',
  'net.ipv4.tcp_wmem': '4096 16384 32768',
  'net.ipv4.tcp_max_tw_buckets': '4096',
  'net.core.somaxconn': '128',
};

/**
 * No `nproc`: the kernel counts that limit over all containers with the same user. No `fsize`: the only files that can
 * grow are those of `/tmp`, which has a size of its own.
 */
const fixedProcessLimits = { core: 0, memlock: 64 * 1024, sigpending: 256, msgqueue: 0 };

/** Everything that no deploy, no call and no setting changes. */
const fixed = deepFreeze({
  capabilities: [],
  systemCalls,
  network: { interfaces: 'loopback', kernelSettings: boundedTcpMemory },
  namespaces: { sharedMemory: 'none', controlGroup: 'private' },
  limits: {
    swapBytes: 0,
    cpuShares: 512,
    // When the host runs out of memory, functions go before the server does.
    outOfMemoryScore: 500,
  },
  // What engines hide, and the locks of all containers, which name no process and so hide nowhere.
  hiddenPaths: [
    '/proc/acpi',
    '/proc/asound',
    '/proc/interrupts',
    '/proc/kcore',
    '/proc/keys',
    '/proc/latency_stats',
    '/proc/locks',
    '/proc/sched_debug',
    '/proc/scsi',
    '/proc/timer_list',
    '/proc/timer_stats',
    '/sys/devices/virtual/powercap',
    '/sys/firmware',
  ],
  readOnlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
});

/** A larger `/tmp` may hold more files; each takes about a KiB of the container's memory, empty or not. */
const filesPerTmpMiB = 64;
const fewestTmpFiles = 4096;
const bytesPerMiB = 1024 * 1024;

/** The policy of one container. Pure: it follows from the allotment alone, and nothing of it can be changed. */
export function sandboxPolicy(allotment: SandboxAllotment): SandboxPolicy {
  const { userId, memoryBytes, cpuMillis, processes, openFiles, tmpBytes, tmpPrograms } = allotment;
  const { runDirectory, codeDirectory } = allotment;
  const { limits, ...others } = fixed;
  const varying = deepFreeze({
    identity: { userId, groupId: userId, mayGainPrivileges: false },
    limits: {
      ...limits,
      memoryBytes,
      cpuMillis,
      processes,
      perProcess: { nofile: openFiles, ...fixedProcessLimits },
    },
    mounts: {
      root: 'read-only',
      readOnly: [
        { source: runDirectory, target: runMountPoint },
        ...(codeDirectory === undefined ? [] : [{ source: codeDirectory, target: codeMountPoint }]),
      ],
      temporary: {
        target: '/tmp',
        bytes: tmpBytes,
        files: Math.max(fewestTmpFiles, Math.floor((tmpBytes / bytesPerMiB) * filesPerTmpMiB)),
        mode: 0o1777,
        mayHold: { programs: tmpPrograms, otherUsersPrograms: false, devices: false },
      },
    },
  });
  return Object.freeze({ ...others, ...varying });
}

/** How `/tmp` is mounted, in the kernel's words. */
export function temporaryOptions({ bytes, files, mode, mayHold }: TemporaryMount): readonly string[] {
  const programs = mayHold.programs ? 'exec' : 'noexec';
  return [
    'rw',
    programs,
    'nosuid',
    'nodev',
    `size=${bytes}`,
    `nr_inodes=${files}`,
    `mode=${mode.toString(8)}`,
  ];
}

/** Freezes a value deeply, so that nobody who holds it can change it. */
export function deepFreeze<const T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
