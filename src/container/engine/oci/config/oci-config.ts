import { createHash } from 'node:crypto';
import type { ContainerSpec } from '../../container-engine.js';
import { hostsFileOf, hostsMountPoint } from '../../hosts-file.js';
import {
  type ProcessLimit,
  type ReadOnlyMount,
  type SandboxPolicy,
  temporaryOptions,
} from '../../sandbox-policy.js';
import { coverOf } from './cover.js';
import { seccompList } from './seccomp-list.js';
import { template } from './template.js';

/** Where a container is on this machine, and how it gets its filter of system calls. */
export interface OciPlace {
  readonly rootDirectory: string;
  readonly cgroupsPath: string;
  /** Where hierarchies of control groups are mounted, on this machine as in a container. */
  readonly cgroupMounts: readonly string[];
  /** Of the image: the program's own comes on top. */
  readonly image: { readonly environment: Readonly<Record<string, string>> };
  /**
   * A filter that was compiled before, base64, for a runtime that takes one; the list, for one that compiles it for each
   * container; none, for a runtime with a kernel of its own.
   */
  readonly seccomp: { readonly bpf: string } | 'list' | 'none';
  /** Hidden paths that the container's own file covers (cover.ts), for crun; all others are left to the runtime. */
  readonly coveredFiles: readonly string[];
}

/** The content of `config.json`. Pure: the same spec and place give the same. */
export function ociConfig(spec: ContainerSpec, place: OciPlace): object {
  const { policy } = spec;
  const hostname = hostnameOf(spec);
  const { process, linux, root, mounts, ...rest } = template;
  const { coveredFiles } = place;
  return {
    ...rest,
    hostname,
    process: { ...process, ...processOf(spec, place, hostname) },
    root: { ...root, path: place.rootDirectory },
    mounts: [...mounts, temporaryMount(policy), ...readOnlyMounts(policy), ...covers(policy, coveredFiles)],
    linux: {
      ...linux,
      cgroupsPath: place.cgroupsPath,
      sysctl: policy.network.kernelSettings,
      maskedPaths: policy.hiddenPaths.filter((path) => !coveredFiles.includes(path)),
      readonlyPaths: [...policy.readOnlyPaths, ...new Set([...linux.readonlyPaths, ...place.cgroupMounts])],
      resources: { ...linux.resources, ...resourcesOf(policy) },
      ...(place.seccomp === 'list' && { seccomp: seccompList(policy.systemCalls) }),
    },
    ...(typeof place.seccomp === 'object' && {
      annotations: { [compiledFilterAnnotation]: place.seccomp.bpf },
    }),
  };
}

/** By this crun takes a filter instead of a list. */
const compiledFilterAnnotation = 'run.oci.seccomp_bpf_data';

/** As Docker gives one to a program that has none. */
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function processOf({ program, policy }: ContainerSpec, { image }: OciPlace, hostname: string) {
  const { userId, groupId } = policy.identity;
  const environment = { PATH: usualPath, HOSTNAME: hostname, ...image.environment, ...program.environment };
  return {
    user: { uid: userId, gid: groupId, additionalGids: [groupId] },
    args: program.command,
    env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    cwd: policy.mounts.temporary.target,
    rlimits: Object.entries(policy.limits.perProcess).map(([name, most]) => ({
      type: limitTypes[name as ProcessLimit],
      soft: most,
      hard: most,
    })),
    oomScoreAdj: policy.limits.outOfMemoryScore,
  };
}

const limitTypes: Readonly<Record<ProcessLimit, string>> = {
  nofile: 'RLIMIT_NOFILE',
  core: 'RLIMIT_CORE',
  memlock: 'RLIMIT_MEMLOCK',
  sigpending: 'RLIMIT_SIGPENDING',
  msgqueue: 'RLIMIT_MSGQUEUE',
};

/** Another for each container, of the form that Docker's have, and without what the container's name tells. */
function hostnameOf({ name }: ContainerSpec): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 12);
}

const cpuPeriodUs = 100_000;
const millisPerCore = 1000;

function resourcesOf({ limits }: SandboxPolicy) {
  return {
    // The kernel counts the memory in.
    memory: { limit: limits.memoryBytes, swap: limits.memoryBytes + limits.swapBytes },
    cpu: {
      shares: limits.cpuShares,
      quota: (limits.cpuMillis * cpuPeriodUs) / millisPerCore,
      period: cpuPeriodUs,
    },
    pids: { limit: limits.processes },
  };
}

function temporaryMount({ mounts: { temporary } }: SandboxPolicy) {
  return {
    destination: temporary.target,
    type: 'tmpfs',
    source: 'tmpfs',
    options: temporaryOptions(temporary),
  };
}

function readOnlyMounts(policy: SandboxPolicy) {
  const hosts = { source: hostsFileOf(policy), target: hostsMountPoint };
  return [hosts, ...policy.mounts.readOnly].map(readOnlyMount);
}

function covers(policy: SandboxPolicy, coveredFiles: readonly string[]) {
  const source = coverOf(policy);
  return coveredFiles.map((target) => readOnlyMount({ source, target }));
}

function readOnlyMount({ source, target }: ReadOnlyMount) {
  return { destination: target, type: 'bind', source, options: ['bind', 'ro', 'rprivate'] };
}
