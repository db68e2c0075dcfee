import fc from 'fast-check';
import type { ContainerSpec } from '../../container-engine.js';
import { type SandboxAllotment, sandboxPolicy } from '../../sandbox-policy.js';
import { ociConfig, type OciPlace } from './oci-config.js';
import { template } from './template.js';
import {
  plainAllotment as allotment,
  plainSpec as plain,
} from '../../../../../test/support/container-spec.js';

const place: OciPlace = {
  rootDirectory: '/run/roots/1',
  cgroupsPath: '/glambdar/0badcafe/1/container',
  cgroupMounts: ['/sys/fs/cgroup/memory', '/sys/fs/cgroup/pids'],
  image: { environment: { HOME: '/root', NODE_ENV: 'production' } },
  seccomp: { bpf: 'AAAA' },
  coveredFiles: ['/proc/keys'],
};

interface Config {
  readonly hostname: string;
  readonly process: { readonly env: readonly string[] };
  readonly mounts: readonly { readonly destination: string; readonly options: readonly string[] }[];
  readonly linux: object;
  readonly annotations?: object;
}

const configOf = (spec: ContainerSpec = plain, where: OciPlace = place) => ociConfig(spec, where) as Config;

/** Text as hostile as it comes: option separators, paths of the host, what JSON means something by. */
const anyText = fc.oneof(
  fc.string(),
  fc.constantFrom('/', 'a,exec', '"}', '\n', '__proto__', '..', 'run.oci.systemd.subgroup'),
);

/** Everything that may differ from one container to another. */
const mayVary = [
  /^hostname$/,
  /^process\.(user|args\.3|env\.\d|rlimits\.0)/,
  /^root\.path$/,
  /^mounts\.6\.options\.[14567]$/,
  /^mounts\.([789]|10)\.source$/,
  /^linux\.cgroupsPath$/,
  /^linux\.resources\.(memory|cpu\.quota|pids)/,
  /^annotations\.run\.oci\.seccomp_bpf_data$/,
];

function leavesOf(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, JSON.stringify(value)]];
  return entries.flatMap(([key, inner]) => leavesOf(inner, path ? `${path}.${key}` : key));
}

describe('the configuration of an OCI container', () => {
  it('differs from the template only where it may, whatever the spec holds', () => {
    const [first, second, third] = plain.program.command;
    const specs = fc.record<ContainerSpec>({
      name: anyText,
      owner: fc.record({ installation: anyText, instance: anyText }),
      program: fc.record({
        runtime: fc.constant('nodejs24.x'),
        image: anyText,
        command: anyText.map((last) => [first!, second!, third!, last]),
        environment: fc.record({ GLAMBDAR_TOKEN: anyText, HOME: anyText }),
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
      ociRuntime: fc.constant(undefined),
    });
    const places = fc.record<OciPlace>({
      rootDirectory: anyText,
      cgroupsPath: anyText,
      cgroupMounts: fc.constant(place.cgroupMounts),
      image: fc.constant(place.image),
      seccomp: fc.record({ bpf: anyText }),
      coveredFiles: fc.constant(['/proc/keys']),
    });
    const usual = leavesOf(configOf());
    fc.assert(
      fc.property(specs, places, (spec, where) => {
        const leaves = new Map(leavesOf(configOf(spec, where)));
        const differing = usual.filter(([path, value]) => leaves.get(path) !== value).map(([path]) => path);
        expect(differing.filter((path) => !mayVary.some((pattern) => pattern.test(path)))).toEqual([]);
        expect(leaves.size).toBe(usual.length);
      }),
    );
  });

  it('holds what was decided, so that no edit of the template goes unseen', () => {
    const bind = (source: string, destination: string) => ({
      destination,
      type: 'bind',
      source,
      options: ['bind', 'ro', 'rprivate'],
    });
    const limit = (name: string, most: number) => ({ type: `RLIMIT_${name}`, soft: most, hard: most });
    expect(configOf()).toEqual({
      ociVersion: '1.0.0',
      hostname: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
      process: {
        terminal: false,
        user: { uid: 200_000, gid: 200_000, additionalGids: [200_000] },
        args: plain.program.command,
        env: expect.any(Array) as string[],
        cwd: '/tmp',
        noNewPrivileges: true,
        capabilities: { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] },
        rlimits: [
          limit('NOFILE', 1024),
          limit('CORE', 0),
          limit('MEMLOCK', 64 * 1024),
          limit('SIGPENDING', 256),
          limit('MSGQUEUE', 0),
        ],
        oomScoreAdj: 500,
      },
      root: { path: '/run/roots/1', readonly: true },
      mounts: [
        ...template.mounts,
        {
          destination: '/tmp',
          type: 'tmpfs',
          source: 'tmpfs',
          options: ['rw', 'noexec', 'nosuid', 'nodev', 'size=67108864', 'nr_inodes=4096', 'mode=1777'],
        },
        bind('/var/lib/glambdar/run/1/hosts', '/etc/hosts'),
        bind('/var/lib/glambdar/run/1', '/glambdar'),
        bind('/var/lib/glambdar/functions/f/1', '/glambdar/code'),
        // crun's own cover would be one file in all containers.
        bind('/var/lib/glambdar/run/1/hidden', '/proc/keys'),
      ],
      linux: {
        namespaces: ['pid', 'network', 'ipc', 'uts', 'mount', 'cgroup'].map((type) => ({ type })),
        rootfsPropagation: 'private',
        cgroupsPath: '/glambdar/0badcafe/1/container',
        sysctl: plain.policy.network.kernelSettings,
        maskedPaths: plain.policy.hiddenPaths.filter((path) => path !== '/proc/keys'),
        readonlyPaths: [
          ...plain.policy.readOnlyPaths,
          '/sys/fs/cgroup',
          '/sys/fs/cgroup/memory',
          '/sys/fs/cgroup/pids',
        ],
        resources: {
          devices: [{ allow: false, access: 'rwm' }],
          memory: { limit: allotment.memoryBytes, swap: allotment.memoryBytes },
          cpu: { shares: 512, quota: 150_000, period: 100_000 },
          pids: { limit: 64 },
        },
      },
      annotations: { 'run.oci.seccomp_bpf_data': 'AAAA' },
    });
  });

  it('gives the program its own environment on top of the image’s', () => {
    const { hostname, process } = configOf();
    expect([...process.env].sort()).toEqual([
      'GLAMBDAR_TOKEN=token',
      'HOME=/tmp',
      `HOSTNAME=${hostname}`,
      'NODE_ENV=production',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ]);
  });

  it('names each container’s host differently, and after nothing that its name tells', () => {
    const [one, other] = [configOf(), configOf({ ...plain, name: `${plain.name}1` })];
    expect(one.hostname).not.toBe(other.hostname);
    expect(plain.name).not.toContain(one.hostname);
  });

  it('mounts nothing where the code goes in a prewarmed container', () => {
    const policy = sandboxPolicy({ ...allotment, codeDirectory: undefined });
    expect(configOf({ ...plain, policy }).mounts.map(({ destination }) => destination)).not.toContain(
      '/glambdar/code',
    );
  });

  it.each([
    ['a filter that was compiled before', { bpf: 'AAAA' }, [false, true]],
    ['the list', 'list' as const, [true, false]],
    ['neither', 'none' as const, [false, false]],
  ])('restricts system calls by %s', (_, seccomp, expected) => {
    const { linux, annotations } = configOf(plain, { ...place, seccomp });
    expect(['seccomp' in linux, annotations !== undefined]).toEqual(expected);
  });

  it('cannot be changed by whoever holds one', () => {
    const options = configOf().mounts[0]!.options as string[];
    expect(() => options.push('exec')).toThrow(TypeError);
  });
});
