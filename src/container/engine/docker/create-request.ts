import type { ContainerCreateOptions } from 'dockerode';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerOwner, ContainerSpec } from '../container-engine.js';
import { deepFreeze, runMountPoint, type SandboxPolicy, type TemporaryMount } from '../sandbox-policy.js';
import type { ArgumentCondition, SystemCallPolicy, SystemCallRule } from '../system-calls.js';

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

function tmpfsOptions({ bytes, files, mode, mayHold }: TemporaryMount): string {
  const programs = mayHold.programs ? 'exec' : 'noexec';
  return `rw,${programs},nosuid,nodev,size=${bytes},nr_inodes=${files},mode=${mode.toString(8)}`;
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

/**
 * Without a network the engine covers the image's `/etc/hosts` with an empty file, and `localhost` would mean nothing: each
 * container has a file of its own, in its directory, that is mounted over that.
 */
const hostsFileName = 'hosts';
const hosts = '127.0.0.1 localhost\n::1 localhost\n';

const hostsMountPoint = '/etc/hosts';

export function hostsFileOf({ mounts }: SandboxPolicy): string {
  const runDirectory = mounts.readOnly.find(({ target }) => target === runMountPoint)?.source ?? '';
  return join(runDirectory, hostsFileName);
}

export async function writeHostsFile(policy: SandboxPolicy): Promise<void> {
  const path = hostsFileOf(policy);
  await writeFile(path, hosts);
  // The container reads it as another user, whatever the server's umask is.
  await chmod(path, 0o644);
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

const architectures = { 'x86-64': 'SCMP_ARCH_X86_64', arm64: 'SCMP_ARCH_AARCH64' } as const;

/** In the engine's own format. Without sub-architectures a 32-bit call kills its thread. */
export function seccompProfile({ processors, rules }: SystemCallPolicy) {
  return {
    // EPERM is what it fails with where nothing else is said.
    defaultAction: 'SCMP_ACT_ERRNO',
    archMap: processors.map((processor) => ({
      architecture: architectures[processor],
      subArchitectures: [],
    })),
    syscalls: rules.map(syscallRule),
  };
}

function syscallRule({ names, answer, when }: SystemCallRule) {
  return {
    names,
    action: answer === 'allow' ? 'SCMP_ACT_ALLOW' : 'SCMP_ACT_ERRNO',
    ...(answer !== 'allow' && { errnoRet: answer }),
    ...(when.length > 0 && { args: when.map(argument) }),
  };
}

/** Masked, the first value is the mask. */
function argument({ argument: index, mask, equals }: ArgumentCondition) {
  return mask === undefined
    ? { index, value: equals, op: 'SCMP_CMP_EQ' }
    : { index, value: mask, valueTwo: equals, op: 'SCMP_CMP_MASKED_EQ' };
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
