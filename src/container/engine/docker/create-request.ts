import type { ContainerCreateOptions } from 'dockerode';
import type { ContainerSpec } from '../container-engine.js';
import { hostsFile } from '../../own-files.js';
import { seccompProfile } from './seccomp-profile.js';

/** Where things are inside the image; docker/worker builds it so. */
const initPath = '/usr/local/bin/tini';
const nodePath = '/usr/local/bin/node';
const workerPath = '/runtime/worker/main.js';
const hostsMountPoint = '/etc/hosts';
const runMountPoint = '/glambdar';
const codeMountPoint = '/glambdar/code';

/** Share of the container's memory for V8's old space: a full heap then ends with V8's message, not with a silent kill. */
const heapShare = 0.75;
const bytesPerMiB = 1024 * 1024;

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

/** The engine's own, since a list replaces it, and the locks of all containers, which name no process and so hide nowhere. */
const maskedPaths = [
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
];

/** Everything of a container that no deploy, no call and no setting changes. */
const template = deepFreeze({
  WorkingDir: '/tmp',
  // The first process is one that reaps: what a function's children leave behind would otherwise stay for as long as
  // the container does, until no process can start. It is the image's, since the engine's own (`Init`) is a file of the
  // host that would be mounted into all containers, and files that several can open are means to meet.
  Entrypoint: [initPath, '--', nodePath],
  AttachStdin: false,
  OpenStdin: false,
  Tty: false,
  // Leaves a private network namespace with `lo` alone. `NetworkMode: none` below says the same once more; without this
  // one it makes the engine run itself again for each container, which doubles the engine's work and the start's time.
  NetworkDisabled: true,
  Healthcheck: { Test: ['NONE'] },
  HostConfig: {
    NetworkMode: 'none',
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges:true', `seccomp=${JSON.stringify(seccompProfile)}`],
    IpcMode: 'none',
    Sysctls: boundedTcpMemory,
    MaskedPaths: maskedPaths,
    CgroupnsMode: 'private',
    CpuShares: 512,
    // When the host runs out of memory, functions go before the server does.
    OomScoreAdj: 500,
    // Output is read through attach; nothing may fill the host's disk.
    LogConfig: { Type: 'none', Config: {} },
    // Removal is the server's alone: the engine's own would race with asking how the container ended.
    AutoRemove: false,
    RestartPolicy: { Name: 'no' },
    // Said, since an engine may be set to mount one.
    Init: false,
  },
} as const);

/**
 * No `nproc`: the kernel counts that limit over all containers with the same user. No `fsize`: the only files that can
 * grow are those of `/tmp`, which has a size of its own.
 */
const fixedUlimits = deepFreeze([
  { Name: 'core', Soft: 0, Hard: 0 },
  { Name: 'memlock', Soft: 64 * 1024, Hard: 64 * 1024 },
  { Name: 'sigpending', Soft: 256, Hard: 256 },
  { Name: 'msgqueue', Soft: 0, Hard: 0 },
] as const);

/** A larger `/tmp` may hold more files; each takes about a KiB of the container's memory, empty or not. */
const filesPerTmpMiB = 64;
const fewestTmpFiles = 4096;

const tmpOptions = (tmpBytes: number) => {
  const files = Math.max(fewestTmpFiles, Math.floor((tmpBytes / bytesPerMiB) * filesPerTmpMiB));
  return `rw,noexec,nosuid,nodev,size=${tmpBytes},nr_inodes=${files},mode=1777`;
};

/** The fixed template of V8 and Node options; the heap's size is the only part that varies. */
const nodeOptions = (memoryBytes: number) => [
  `--max-old-space-size=${Math.floor((memoryBytes / bytesPerMiB) * heapShare)}`,
];

/** The body of the engine's create call. Pure: the same spec gives the same body. */
export function createRequest(spec: ContainerSpec): ContainerCreateOptions {
  const { HostConfig, ...rest } = template;
  const body = {
    ...rest,
    Image: spec.image,
    User: `${spec.uid}:${spec.uid}`,
    // Nothing of the server's own environment; a function's variables and secrets travel over its socket.
    Env: [`GLAMBDAR_TOKEN=${spec.token}`, 'HOME=/tmp', 'NODE_ENV=production'],
    Cmd: [...nodeOptions(spec.memoryBytes), workerPath],
    Labels: { ...spec.labels },
    HostConfig: {
      ...HostConfig,
      Memory: spec.memoryBytes,
      // Equal to the memory: no swap.
      MemorySwap: spec.memoryBytes,
      NanoCpus: spec.cpuMillis * 1_000_000,
      PidsLimit: spec.pidsLimit,
      Ulimits: [{ Name: 'nofile', Soft: spec.openFilesLimit, Hard: spec.openFilesLimit }, ...fixedUlimits],
      Tmpfs: { '/tmp': tmpOptions(spec.tmpBytes) },
      Mounts: [
        readOnlyMount(`${spec.runDirectory}/${hostsFile}`, hostsMountPoint),
        readOnlyMount(spec.runDirectory, runMountPoint),
        ...(spec.codeDirectory === undefined ? [] : [readOnlyMount(spec.codeDirectory, codeMountPoint)]),
      ],
      ...(spec.runtime !== undefined && { Runtime: spec.runtime }),
    },
  };
  // The package's types demand mutable arrays and know nothing of the newest fields; the shape is the engine's own.
  return body as unknown as ContainerCreateOptions;
}

/** A structured mount, because the short form splits its text at colons. */
function readOnlyMount(source: string, target: string) {
  return {
    Type: 'bind',
    Source: source,
    Target: target,
    ReadOnly: true,
    BindOptions: { Propagation: 'rprivate', NonRecursive: true },
  };
}

function deepFreeze<const T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
