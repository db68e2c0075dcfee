import { judge } from './judge.js';
import type { DockerFacts, MachineFacts, OciFacts } from './machine-facts.js';
import type { LocatedRuntime } from './runtimes-on-path.js';

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
const crun: LocatedRuntime = { name: 'crun', version: '1.8.1', file: '/usr/bin/crun' };
const runc: LocatedRuntime = { name: 'runc', version: '1.1.5', file: '/usr/sbin/runc' };
const runsc: LocatedRuntime = { name: 'runsc', version: '20221219.0', file: '/usr/bin/runsc' };
const oldCrun: LocatedRuntime = {
  name: 'crun',
  problem: 'is unusable: it is version 0.17, and has to be 1.8 or newer',
  file: '/usr/bin/crun',
};
const dumbRunsc: LocatedRuntime = {
  name: 'runsc',
  problem: 'is unusable: it does not tell its version',
  file: '/opt/runsc',
};
const oci: OciFacts = { ...machine, chosen: '', runtimes: [crun] };

const withOci = (facts: Partial<OciFacts>, isRoot = true) => ({ isRoot, engine: { ...oci, ...facts } });

/** What is said of runtimes on a machine with these, one line each. */
const saidOf = (runtimes: readonly LocatedRuntime[], { chosen = '', hasApt = true } = {}) =>
  judge({ ...good, hasApt, ...withOci({ runtimes, chosen }) })
    .filter(({ name }) => ['OCI runtime', 'gVisor'].includes(name))
    .map(({ name, state, found, remedy = '' }) => `${name}: ${state}: ${found}. ${remedy}`.trim());

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

  it.each([
    [
      'the one that is used, with its version',
      [crun, runc],
      ['OCI runtime: ok: crun 1.8.1 (/usr/bin/crun).'],
    ],
    ['runc where there is no crun', [runc], ['OCI runtime: ok: runc 1.1.5 (/usr/sbin/runc).']],
    [
      'gVisor, too, where it is there',
      [crun, runsc],
      ['OCI runtime: ok: crun 1.8.1 (/usr/bin/crun).', 'gVisor: ok: runsc 20221219.0 (/usr/bin/runsc).'],
    ],
    [
      'a gVisor that cannot be used',
      [crun, dumbRunsc],
      [
        'OCI runtime: ok: crun 1.8.1 (/usr/bin/crun).',
        'gVisor: warning: runsc is unusable: it does not tell its version (/opt/runsc). Install a newer runsc: the server goes by what `--version` prints. Until then functions cannot have the setting sandbox: "gvisor".',
      ],
    ],
    [
      'a better one that cannot be used',
      [oldCrun, runc],
      [
        'OCI runtime: warning: runc 1.1.5 (/usr/sbin/runc); crun is unusable: it is version 0.17, and has to be 1.8 or newer (/usr/bin/crun). crun starts containers faster: install a newer one.',
      ],
    ],
    ['that there is none', [], ['OCI runtime: warning: no crun on PATH. `npm start` installs it.']],
    [
      'that the only one cannot be used, and another can be installed',
      [oldCrun],
      [
        'OCI runtime: warning: crun is unusable: it is version 0.17, and has to be 1.8 or newer (/usr/bin/crun). `npm start` installs runc.',
      ],
    ],
  ] as [string, LocatedRuntime[], string[]][])('names %s', (_what, runtimes, said) => {
    expect(saidOf(runtimes)).toEqual(said);
  });

  it.each([
    [
      'none is there',
      [],
      { chosen: '', hasApt: false },
      'OCI runtime: missing: no crun on PATH. Install crun, and see that it is on PATH.',
    ],
    [
      'the only one cannot be used, and nothing can be installed',
      [oldCrun],
      { chosen: '', hasApt: false },
      'OCI runtime: missing: crun is unusable: it is version 0.17, and has to be 1.8 or newer (/usr/bin/crun). Install runc, and see that it is on PATH.',
    ],
    [
      'none that is there can be used',
      [
        oldCrun,
        { name: 'runc', problem: 'is unusable: it was built without seccomp', file: '/usr/sbin/runc' },
      ],
      { chosen: '' },
      'OCI runtime: missing: crun is unusable: it is version 0.17, and has to be 1.8 or newer (/usr/bin/crun); runc is unusable: it was built without seccomp (/usr/sbin/runc). Install a newer crun or runc: the server goes by what `--version` prints.',
    ],
    [
      'the one that was chosen cannot be used',
      [crun, dumbRunsc],
      { chosen: 'runsc' },
      'OCI runtime: missing: runsc is unusable: it does not tell its version (/opt/runsc). Install a newer runsc: the server goes by what `--version` prints.',
    ],
    [
      'the one that was chosen is not there',
      [crun],
      { chosen: 'runsc' },
      'OCI runtime: warning: no runsc on PATH. `npm start` installs it.',
    ],
    [
      'there is none of the name that was chosen',
      [crun],
      { chosen: 'youki' },
      'OCI runtime: missing: GLAMBDAR_OCI_RUNTIME is youki. Set it to crun, runc or runsc, or leave it empty.',
    ],
  ] as [string, LocatedRuntime[], { chosen: string; hasApt?: boolean }, string][])(
    'says what to do where %s',
    (_what, runtimes, on, said) => {
      expect(saidOf(runtimes, on)).toEqual([said]);
    },
  );

  it('is content with an older Node.js where npm brings the right one, and with a server that runs', () => {
    const findings = judge({ ...good, nodeVersion: 'v20.11.0', port: 'glambdar' });
    expect(findings.map(({ state }) => state)).toEqual(findings.map(() => 'ok'));
  });

  it('asks an engine that does not answer nothing more', () => {
    const names = judge({ ...good, ...withEngine({ state: 'absent' }) }).map(({ name }) => name);
    expect(names).not.toContain('Limits');
  });
});
