import type { ContainerCreateOptions } from 'dockerode';
import type { ContainerSpec } from '../container-engine.js';
import { deepFreeze } from '../deep-freeze.js';
import type { SandboxPolicy, TemporaryMount } from '../sandbox-policy.js';
import { hostsFileOf, hostsMountPoint } from './hosts-file.js';
import { ownerLabels } from './labels.js';
import { seccompOption } from './seccomp-profile.js';

/** What the engine has to be told beside the policy, of every container alike. */
const template = deepFreeze({
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
    // Capabilities that a policy could add there are none.
    CapDrop: ['ALL'],
    IpcMode: 'none',
    CgroupnsMode: 'private',
    // Output is read through attach; nothing may fill the host's disk.
    LogConfig: { Type: 'none', Config: {} },
    // Removal is the server's alone: the engine's own would race with asking how the container ended.
    AutoRemove: false,
    RestartPolicy: { Name: 'no' },
    // Said, since an engine may be set to mount one: a file of the host in all containers would be a means to meet. The
    // image has its own.
    Init: false,
  },
} as const);

/** The body of the engine's create call. Pure: the same spec gives the same body. */
export function createRequest({ owner, program, policy, ociRuntime }: ContainerSpec): ContainerCreateOptions {
  const { identity, mounts } = policy;
  const { HostConfig, ...rest } = template;
  const body = {
    ...rest,
    Image: program.image,
    User: `${identity.userId}:${identity.groupId}`,
    WorkingDir: mounts.temporary.target,
    Entrypoint: program.command,
    Env: Object.entries(program.environment).map(([name, value]) => `${name}=${value}`),
    Labels: ownerLabels(owner),
    HostConfig: {
      ...HostConfig,
      ...hostConfigOf(policy),
      ...(ociRuntime !== undefined && { Runtime: ociRuntime }),
    },
  };
  // The package's types demand mutable arrays and know nothing of the newest fields; the shape is the engine's own.
  return body as unknown as ContainerCreateOptions;
}

function hostConfigOf(policy: SandboxPolicy) {
  const { limits, mounts, network, systemCalls, hiddenPaths } = policy;
  return {
    SecurityOpt: ['no-new-privileges:true', seccompOption(systemCalls)],
    Sysctls: network.kernelSettings,
    MaskedPaths: hiddenPaths,
    Memory: limits.memoryBytes,
    // The engine counts the memory in.
    MemorySwap: limits.memoryBytes + limits.swapBytes,
    NanoCpus: limits.cpuMillis * 1_000_000,
    CpuShares: limits.cpuShares,
    PidsLimit: limits.processes,
    OomScoreAdj: limits.outOfMemoryScore,
    Ulimits: Object.entries(limits.perProcess).map(([Name, most]) => ({ Name, Soft: most, Hard: most })),
    Tmpfs: { [mounts.temporary.target]: tmpfsOptions(mounts.temporary) },
    Mounts: [
      readOnlyMount(hostsFileOf(policy), hostsMountPoint),
      ...mounts.readOnly.map(({ source, target }) => readOnlyMount(source, target)),
    ],
  };
}

function tmpfsOptions({ bytes, files, mode }: TemporaryMount): string {
  return `rw,noexec,nosuid,nodev,size=${bytes},nr_inodes=${files},mode=${mode.toString(8)}`;
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
