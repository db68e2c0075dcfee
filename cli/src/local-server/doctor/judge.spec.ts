import { judge } from './judge.js';
import type { DockerFacts, MachineFacts, OciFacts } from './machine-facts.js';

const gibibyte = 1024 ** 3;

const engine: DockerFacts = {
  kind: 'docker',
  socketPath: '/var/run/docker.sock',
  state: 'reachable',
  version: '27.0',
  memoryBytes: 8 * gibibyte,
  limitsMemory: true,
  limitsProcesses: true,
  hasWorkerImage: true,
};

const good: MachineFacts = {
  nodeVersion: 'v24.1.0',
  platform: 'linux',
  arch: 'x64',
  isRoot: false,
  hasApt: true,
  checkout: '/home/ada/glambdar',
  isInstalled: true,
  engine,
  freeDiskBytes: 50 * gibibyte,
  address: '127.0.0.1:8000',
  port: 'free',
  privateFiles: [{ path: '/home/ada/.config/glambdar/profiles', mode: 0o700 }],
};

const withEngine = (facts: Partial<DockerFacts>) => ({ engine: { ...engine, ...facts } });

const machine = {
  kind: 'oci',
  memoryBytes: 8 * gibibyte,
  limitsMemory: true,
  limitsProcesses: true,
  hasWorkerImage: true,
} as const;
const oci: OciFacts = { ...machine, wanted: 'crun', runtime: '/usr/bin/crun' };

const withOci = (facts: Partial<OciFacts>, isRoot = true) => ({ isRoot, engine: { ...oci, ...facts } });

/** Where no runtime is there. */
const withoutRuntime = (wanted: string, isRoot = true) => ({ isRoot, engine: { ...machine, wanted } });

describe('the doctor', () => {
  it('finds nothing missing on a good machine, and names all it has looked at', () => {
    const findings = judge(good);
    expect(findings.map(({ state }) => state)).toEqual(findings.map(() => 'ok'));
    expect(findings.map(({ name }) => name)).toEqual([
      'Node.js',
      'Server',
      'Docker Engine',
      'Limits',
      'Memory',
      'Worker image',
      'Disk',
      'Port',
      'Private files',
    ]);
  });

  it.each([
    ['Node.js', { nodeVersion: 'v18.0.0' }, 'missing', 'Install Node.js 20 or newer'],
    ['Node.js', { nodeVersion: 'v20.0.0', arch: 'riscv64' }, 'missing', 'Install Node.js 24 or newer'],
    ['Node.js', { platform: 'win32' }, 'missing', 'WSL 2'],
    ['Server', { checkout: undefined }, 'missing', 'Clone the repository'],
    ['Server', { isInstalled: false }, 'warning', 'npm start'],
    ['Docker Engine', withEngine({ state: 'permission-denied' }), 'missing', 'usermod -aG docker'],
    [
      'Docker Engine',
      withEngine({ state: 'remote', socketPath: 'tcp://x:1' }),
      'missing',
      'unset DOCKER_HOST',
    ],
    ['Docker Engine', withEngine({ state: 'absent' }), 'missing', 'sudo apt-get install docker.io'],
    ['Docker Engine', { ...withEngine({ state: 'absent' }), isRoot: true }, 'warning', 'npm start'],
    ['Docker Engine', { ...withEngine({ state: 'absent' }), hasApt: false }, 'missing', 'docs.docker.com'],
    [
      'Docker Engine',
      { ...withEngine({ state: 'absent' }), platform: 'darwin' },
      'missing',
      'Docker Desktop',
    ],
    ['OCI runtime', withoutRuntime('crun'), 'warning', 'npm start'],
    ['OCI runtime', { ...withoutRuntime('runsc'), hasApt: false }, 'missing', 'Install runsc'],
    ['OCI runtime', withOci({}, false), 'missing', 'needs root'],
    ['OCI runtime', { ...withOci({}), platform: 'darwin' }, 'missing', 'needs Linux'],
    ['Worker image', withOci({ hasWorkerImage: false }), 'warning', 'scripts/image.mjs'],
    ['Limits', withEngine({ limitsMemory: false }), 'missing', 'cgroup_enable=memory'],
    ['Limits', withEngine({ limitsProcesses: false }), 'missing', 'pids'],
    ['Limits', withOci({ limitsMemory: false }), 'missing', 'cgroup_enable=memory'],
    ['Limits', withOci({ limitsProcesses: false }), 'missing', 'pids'],
    ['Memory', withEngine({ memoryBytes: gibibyte / 2 }), 'warning', '1 GiB or more'],
    ['Worker image', withEngine({ hasWorkerImage: false }), 'warning', 'scripts/image.mjs'],
    ['Disk', { freeDiskBytes: gibibyte / 2 }, 'missing', 'GLAMBDAR_DIR'],
    ['Disk', { freeDiskBytes: 2 * gibibyte }, 'warning', 'GLAMBDAR_DIR'],
    ['Disk', { freeDiskBytes: undefined }, 'warning', 'cannot be looked at'],
    ['Port', { port: 'other' }, 'missing', 'GLAMBDAR_PORT=8001'],
    ['Port', { port: 'not-allowed' }, 'missing', 'above 1023'],
    ['Private files', { privateFiles: [{ path: '/p', mode: 0o644 }] }, 'missing', 'chmod go= /p'],
  ] as [string, Partial<MachineFacts>, string, string][])(
    'on %s, given %j, finds it %s and says: %s',
    (name, facts, state, remedy) => {
      const finding = judge({ ...good, ...facts }).find((one) => one.name === name);
      expect(finding).toMatchObject({ state, remedy: expect.stringContaining(remedy) as string });
    },
  );

  it('looks for no Docker Engine where the server runs containers itself', () => {
    const findings = judge({ ...good, ...withOci({}) });
    expect(findings.map(({ state }) => state)).toEqual(findings.map(() => 'ok'));
    expect(findings.map(({ name }) => name)).not.toContain('Docker Engine');
  });

  it('is content with an older Node.js where npm brings the right one, and with a server that runs', () => {
    const findings = judge({ ...good, nodeVersion: 'v20.11.0', port: 'glambdar' });
    expect(findings.map(({ state }) => state)).toEqual(findings.map(() => 'ok'));
  });

  it('asks an engine that does not answer nothing more', () => {
    const names = judge({ ...good, ...withEngine({ state: 'absent' }) }).map(({ name }) => name);
    expect(names).not.toContain('Limits');
  });
});
