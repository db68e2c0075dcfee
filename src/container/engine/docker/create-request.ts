import type { ContainerCreateOptions } from 'dockerode';
import type { ContainerOwner, ContainerSpec } from '../container-engine.js';
import { hostsFileOf, hostsMountPoint } from '../hosts-file.js';
import { deepFreeze, type SandboxPolicy, temporaryOptions } from '../sandbox-policy.js';
import { seccompArchitectures, seccompRules } from '../seccomp-rules.js';
import type { SystemCallPolicy } from '../system-calls.js';

/** What a create request needs besides the policy. */
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
    CapDrop: ['ALL'],
    IpcMode: 'none',
    CgroupnsMode: 'private',
    // Output is read through attach; nothing may fill the host's disk.
    LogConfig: { Type: 'none', Config: {} },
    // Removal is the server's alone: the engine's own would race with asking how the container ended.
    AutoRemove: false,
    RestartPolicy: { Name: 'no' },
    // An engine may be configured to mount its own: a file of the host that all containers share would let them meet. The
    // image has one.
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
  const { limits, mounts, network, systemCalls, hiddenPaths, readOnlyPaths } = policy;
  return {
    SecurityOpt: ['no-new-privileges:true', seccompOption(systemCalls)],
    Sysctls: network.kernelSettings,
    MaskedPaths: hiddenPaths,
    ReadonlyPaths: readOnlyPaths,
    Memory: limits.memoryBytes,
    // The engine counts the memory in.
    MemorySwap: limits.memoryBytes + limits.swapBytes,
    NanoCpus: limits.cpuMillis * 1_000_000,
    CpuShares: limits.cpuShares,
    PidsLimit: limits.processes,
    OomScoreAdj: limits.outOfMemoryScore,
    Ulimits: Object.entries(limits.perProcess).map(([Name, most]) => ({ Name, Soft: most, Hard: most })),
    Tmpfs: { [mounts.temporary.target]: temporaryOptions(mounts.temporary).join(',') },
    Mounts: [
      readOnlyMount(hostsFileOf(policy), hostsMountPoint),
      ...mounts.readOnly.map(({ source, target }) => readOnlyMount(source, target)),
    ],
  };
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

/** All labels that containers carry. They cannot be changed once a container is made. */
const projectLabel = 'io.glambdar.project';
const installationLabel = 'io.glambdar.installation';
const instanceLabel = 'io.glambdar.instance';

type Labels = Readonly<Record<string, string>>;

/** What every container of an installation carries, whichever instance made it. */
export function installationLabels(installation: string): Labels {
  return { [projectLabel]: 'glambdar', [installationLabel]: installation };
}

function ownerLabels({ installation, instance }: ContainerOwner): Labels {
  return { ...installationLabels(installation), [instanceLabel]: instance };
}

/** In the engine's own format. Without sub-architectures a 32-bit call kills its thread. */
export function seccompProfile(policy: SystemCallPolicy) {
  return {
    ...seccompRules(policy),
    archMap: policy.processors.map((processor) => ({
      architecture: seccompArchitectures[processor],
      subArchitectures: [],
    })),
  };
}

const rendered = new WeakMap<SystemCallPolicy, string>();

/** Made once for each policy, of which there is one: it is the largest part of a create request. */
function seccompOption(policy: SystemCallPolicy): string {
  const known = rendered.get(policy);
  if (known !== undefined) return known;
  const option = `seccomp=${JSON.stringify(seccompProfile(policy))}`;
  rendered.set(policy, option);
  return option;
}
