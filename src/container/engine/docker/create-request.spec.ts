import fc from 'fast-check';
import type { ContainerSpec } from '../container-engine.js';
import { type SandboxAllotment, sandboxPolicy } from '../sandbox-policy.js';
import { systemCalls } from '../system-calls.js';
import { createRequest, seccompProfile } from './create-request.js';
import { plainAllotment as allotment, plainSpec as plain } from '../../../../test/support/container-spec.js';

/** Everything in the body that may differ from one container to another. */
const mayVary = new Set([
  'Image',
  'User',
  'Env.0',
  'Entrypoint.3',
  'Labels.io.glambdar.installation',
  'Labels.io.glambdar.instance',
  'HostConfig.Memory',
  'HostConfig.MemorySwap',
  'HostConfig.NanoCpus',
  'HostConfig.PidsLimit',
  'HostConfig.Ulimits.0.Soft',
  'HostConfig.Ulimits.0.Hard',
  'HostConfig.Tmpfs./tmp',
  'HostConfig.Mounts.0.Source',
  'HostConfig.Mounts.1.Source',
  'HostConfig.Mounts.2.Source',
  'HostConfig.Runtime',
]);

function leavesOf(value: unknown, path = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) return new Map([[path, value]]);
  const entries = Object.entries(value).flatMap(([key, inner]) => [
    ...leavesOf(inner, path ? `${path}.${key}` : key),
  ]);
  return new Map(entries.length > 0 ? entries : [[path, JSON.stringify(value)]]);
}

function differingPaths(one: unknown, other: unknown): string[] {
  const [left, right] = [leavesOf(one), leavesOf(other)];
  return [...new Set([...left.keys(), ...right.keys()])].filter((path) => left.get(path) !== right.get(path));
}

/** Text as hostile as it comes: option separators, mount syntax, paths of the host. */
const anyText = fc.oneof(
  fc.string(),
  fc.constantFrom('/', '/var/run/docker.sock:/x:rw', 'a,exec', '"}', '\n', '__proto__', '--privileged', '..'),
);

describe('the create request', () => {
  it('differs from the template only where it may, whatever the spec holds', () => {
    const [first, second, third] = plain.program.command;
    const spec = fc.record<ContainerSpec>({
      name: anyText,
      owner: fc.record({ installation: anyText, instance: anyText }),
      program: fc.record({
        runtime: fc.constant('nodejs24.x'),
        image: anyText,
        command: anyText.map((last) => [first!, second!, third!, last]),
        environment: fc.record({ GLAMBDAR_TOKEN: anyText, HOME: fc.constant('/tmp') }),
      }),
      policy: fc
        .record<SandboxAllotment>({
          userId: fc.nat(),
          memoryBytes: fc.nat(),
          cpuMillis: fc.nat(),
          processes: fc.nat(),
          openFiles: fc.nat(),
          tmpBytes: fc.nat(),
          tmpPrograms: fc.boolean(),
          runDirectory: anyText,
          codeDirectory: anyText,
        })
        .map(sandboxPolicy),
      ociRuntime: fc.option(anyText, { nil: undefined }),
    });
    const template = createRequest(plain);
    fc.assert(
      fc.property(spec, (changed) => {
        const unexpected = differingPaths(template, createRequest(changed)).filter(
          (path) => !mayVary.has(path),
        );
        expect(unexpected).toEqual([]);
      }),
    );
  });

  it('mounts nothing where the code goes in a prewarmed container', () => {
    const policy = sandboxPolicy({ ...allotment, codeDirectory: undefined });
    const { HostConfig } = createRequest({ ...plain, policy });
    expect(HostConfig?.Mounts?.map(({ Target }) => Target)).toEqual(['/etc/hosts', '/glambdar']);
  });

  it('asks for no power beyond a plain process', () => {
    const body = createRequest(plain);
    const given = leavesOf(body);
    const forbidden = [
      'Privileged',
      'CapAdd',
      'Devices',
      'DeviceRequests',
      'PidMode',
      'UTSMode',
      'UsernsMode',
      'Binds',
    ];
    expect(
      [...given.keys()].filter((path) => forbidden.some((name) => path.startsWith(`HostConfig.${name}`))),
    ).toEqual([]);
    expect(body.HostConfig).toMatchObject({ CapDrop: ['ALL'], ReadonlyRootfs: true, NetworkMode: 'none' });
    expect(body.HostConfig?.Mounts?.every(({ ReadOnly }) => ReadOnly)).toBe(true);
  });

  it('holds what was decided, so that no edit of the template goes unseen', () => {
    const { HostConfig, ...rest } = createRequest(plain);
    expect(rest).toEqual({
      Image: 'glambdar-worker',
      User: '200000:200000',
      WorkingDir: '/tmp',
      Entrypoint: plain.program.command,
      Env: ['GLAMBDAR_TOKEN=token', 'HOME=/tmp'],
      Labels: {
        'io.glambdar.project': 'glambdar',
        'io.glambdar.installation': '0badcafe',
        'io.glambdar.instance': 'a1b2c3',
      },
      NetworkDisabled: true,
      Healthcheck: { Test: ['NONE'] },
      AttachStdin: false,
      OpenStdin: false,
      Tty: false,
    });
    const { SecurityOpt, Mounts, ...limits } = HostConfig as Record<string, unknown>;
    expect(SecurityOpt).toEqual(['no-new-privileges:true', expect.stringMatching(/^seccomp=\{/) as string]);
    const mount = (Source: string, Target: string) => ({
      Type: 'bind',
      Source,
      Target,
      ReadOnly: true,
      BindOptions: { Propagation: 'rprivate', NonRecursive: true },
    });
    expect(Mounts).toEqual([
      mount('/var/lib/glambdar/run/1/hosts', '/etc/hosts'),
      mount('/var/lib/glambdar/run/1', '/glambdar'),
      mount('/var/lib/glambdar/functions/f/1', '/glambdar/code'),
    ]);
    const ulimit = (Name: string, most: number) => ({ Name, Soft: most, Hard: most });
    expect(limits).toEqual({
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      IpcMode: 'none',
      Sysctls: {
        'net.ipv4.tcp_rmem': '4096 98304 98304',
        'net.ipv4.tcp_wmem': '4096 16384 32768',
        'net.ipv4.tcp_max_tw_buckets': '4096',
        'net.core.somaxconn': '128',
      },
      MaskedPaths: expect.arrayContaining(['/proc/kcore', '/proc/locks', '/sys/firmware']) as string[],
      ReadonlyPaths: expect.arrayContaining(['/proc/sys', '/proc/sysrq-trigger']) as string[],
      CgroupnsMode: 'private',
      CpuShares: 512,
      OomScoreAdj: 500,
      LogConfig: { Type: 'none', Config: {} },
      AutoRemove: false,
      RestartPolicy: { Name: 'no' },
      Init: false,
      Memory: allotment.memoryBytes,
      MemorySwap: allotment.memoryBytes,
      NanoCpus: 1_500_000_000,
      PidsLimit: 64,
      Ulimits: [
        ulimit('nofile', 1024),
        ulimit('core', 0),
        ulimit('memlock', 64 * 1024),
        ulimit('sigpending', 256),
        ulimit('msgqueue', 0),
      ],
      Tmpfs: { '/tmp': `rw,noexec,nosuid,nodev,size=${allotment.tmpBytes},nr_inodes=4096,mode=1777` },
    });
  });

  it('limits no single file: one may fill the whole of /tmp', () => {
    const { HostConfig } = createRequest({
      ...plain,
      policy: sandboxPolicy({ ...allotment, tmpBytes: 1024 ** 3 }),
    });
    expect(HostConfig?.Ulimits?.map(({ Name }) => Name)).not.toContain('fsize');
  });

  it('cannot be changed by whoever holds one', () => {
    const { HostConfig } = createRequest(plain);
    const capabilities = HostConfig?.CapDrop as string[];
    expect(() => capabilities.push('NET_ADMIN')).toThrow(TypeError);
  });
});

describe('the seccomp profile', () => {
  it('says in the words of the engine what the list of system calls says', () => {
    const rules = [
      { names: ['read', 'write'], answer: 'allow' as const, when: [] },
      { names: ['socket'], answer: 'allow' as const, when: [{ argument: 0, equals: 1 }] },
      { names: ['clone'], answer: 38, when: [{ argument: 0, mask: 15, equals: 2 }] },
    ];
    expect(seccompProfile({ ...systemCalls, rules })).toEqual({
      defaultAction: 'SCMP_ACT_ERRNO',
      archMap: [
        { architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] },
        { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: [] },
      ],
      syscalls: [
        { names: ['read', 'write'], action: 'SCMP_ACT_ALLOW' },
        {
          names: ['socket'],
          action: 'SCMP_ACT_ALLOW',
          args: [{ index: 0, value: 1, op: 'SCMP_CMP_EQ' }],
        },
        {
          names: ['clone'],
          action: 'SCMP_ACT_ERRNO',
          errnoRet: 38,
          args: [{ index: 0, value: 15, valueTwo: 2, op: 'SCMP_CMP_MASKED_EQ' }],
        },
      ],
    });
  });

  it('has one meaning for the 32-bit forms of calls: none', () => {
    expect(seccompProfile(systemCalls).archMap.flatMap(({ subArchitectures }) => subArchitectures)).toEqual(
      [],
    );
  });
});
