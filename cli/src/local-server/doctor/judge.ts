/** What is missing on a machine, and how to get it: decided from facts alone. */
import { bytes } from '../../terminal/quantities.js';
import { missing, ok, warning, type Finding } from './finding.js';
import { runtimeFindings } from './judge-runtimes.js';
import type { DockerFacts, EngineFacts, MachineFacts } from './machine-facts.js';

const gibibyte = 1024 ** 3;
/** The server's own Node.js is of this release line; npm brings it where it has a package for the machine. */
const serverNodeMajor = 24;
const oldestNodeMajor = 20;
const packagedNodes: readonly string[] = ['linux x64', 'linux arm64', 'darwin arm64'];

const leastMemoryBytes = gibibyte;
const leastDiskBytes = gibibyte;
const comfortableDiskBytes = 5 * gibibyte;

export function judge(facts: MachineFacts): Finding[] {
  return [
    nodeFinding(facts),
    checkoutFinding(facts),
    ...engineFindings(facts, facts.engine),
    diskFinding(facts),
    portFinding(facts),
    privacyFinding(facts),
  ];
}

function nodeFinding({ nodeVersion, platform, arch }: MachineFacts): Finding {
  const name = 'Node.js';
  const found = `${nodeVersion} on ${platform} ${arch}`;
  const major = Number.parseInt(nodeVersion.replace(/^v/, ''), 10);
  if (major < oldestNodeMajor) return missing(name, found, installNode(oldestNodeMajor));
  if (platform !== 'linux' && platform !== 'darwin')
    return missing(name, found, 'A server runs on Linux or macOS. On Windows use WSL 2.');
  if (major >= serverNodeMajor) return ok(name, found);
  return packagedNodes.includes(`${platform} ${arch}`)
    ? ok(name, `${found}; npm brings Node.js ${serverNodeMajor} for the server`)
    : missing(name, found, installNode(serverNodeMajor));
}

function installNode(major: number): string {
  return `Install Node.js ${major} or newer: https://nodejs.org/en/download.`;
}

function checkoutFinding({ checkout, isInstalled }: MachineFacts): Finding {
  const name = 'Server';
  if (checkout === undefined)
    return missing(
      name,
      'no working copy of Glambdar here',
      'Clone the repository and run this inside it. The npm package glambdar is the command line alone.',
    );
  if (isInstalled) return ok(name, checkout);
  return warning(name, `${checkout}, without its packages`, 'The first `npm start` installs them.');
}

function engineFindings(machine: MachineFacts, engine: EngineFacts): Finding[] {
  if (engine.kind === 'oci')
    return [
      ...runtimeFindings(machine, engine),
      // Elsewhere there are no control groups to look for.
      ...(machine.platform === 'linux' ? [limitsFinding(engine)] : []),
      memoryFinding(engine),
      imageFinding(engine),
    ];
  const found = dockerFinding(machine, engine);
  return engine.state === 'reachable'
    ? [found, limitsFinding(engine), memoryFinding(engine), imageFinding(engine)]
    : [found];
}

function dockerFinding({ platform, isRoot, hasApt }: MachineFacts, engine: DockerFacts): Finding {
  const name = 'Docker Engine';
  const { state, socketPath, version = 'unknown version' } = engine;
  if (state === 'reachable') return ok(name, `${version} at ${socketPath}`);
  if (state === 'remote')
    return missing(
      name,
      socketPath,
      'Use an engine on this machine: unset DOCKER_HOST, or set it to unix:///path/to/docker.sock.',
    );
  if (state === 'permission-denied')
    return missing(
      name,
      `${socketPath} may not be used by you`,
      'Run `sudo usermod -aG docker $USER` and log in again.',
    );
  const absent = `nothing answers at ${socketPath}`;
  if (platform === 'darwin') return missing(name, absent, 'Start Docker Desktop, OrbStack or Colima.');
  if (!hasApt) return missing(name, absent, 'Install and start it: https://docs.docker.com/engine/install/.');
  return isRoot
    ? warning(name, absent, '`npm start` installs and starts it.')
    : missing(
        name,
        absent,
        'Run `sudo apt-get install docker.io`, then `sudo usermod -aG docker $USER`, and log in again.',
      );
}

function limitsFinding({ limitsMemory = true, limitsProcesses = true }: EngineFacts): Finding {
  const name = 'Limits';
  if (limitsMemory && limitsProcesses)
    return ok(name, 'memory and processes of a container are limited (cgroups)');
  return missing(
    name,
    `the kernel does not limit ${limitsMemory ? 'processes' : 'memory'} of containers`,
    'Start Linux with cgroup_enable=memory swapaccount=1 (GRUB_CMDLINE_LINUX), and use cgroup v1 or v2 with the memory and pids controllers.',
  );
}

function memoryFinding({ memoryBytes }: EngineFacts): Finding {
  const name = 'Memory';
  if (memoryBytes === undefined)
    return warning(name, 'not known', 'The engine does not say how much it has.');
  const found = bytes(memoryBytes) ?? '';
  return memoryBytes >= leastMemoryBytes
    ? ok(name, found)
    : warning(name, found, 'Give it 1 GiB or more: each container takes the memory of its function.');
}

function imageFinding({ hasWorkerImage = false }: EngineFacts): Finding {
  const name = 'Worker image';
  return hasWorkerImage
    ? ok(name, 'there')
    : warning(
        name,
        'not there yet',
        'The next `npm start` makes it; `node scripts/image.mjs` makes it alone.',
      );
}

function diskFinding({ freeDiskBytes }: MachineFacts): Finding {
  const name = 'Disk';
  if (freeDiskBytes === undefined)
    return warning(name, 'not known', 'The directory of the server cannot be looked at.');
  const found = `${bytes(freeDiskBytes) ?? ''} free`;
  if (freeDiskBytes < leastDiskBytes)
    return missing(name, found, 'Free 1 GiB or more, or set GLAMBDAR_DIR to another disk.');
  return freeDiskBytes < comfortableDiskBytes
    ? warning(
        name,
        found,
        'Images and functions need some GiB: free more, or set GLAMBDAR_DIR to another disk.',
      )
    : ok(name, found);
}

function portFinding({ address, port }: MachineFacts): Finding {
  const name = 'Port';
  switch (port) {
    case 'free':
      return ok(name, `${address} is free`);
    case 'glambdar':
      return ok(name, `a Glambdar server runs at ${address}`);
    case 'not-allowed':
      return missing(
        name,
        `${address} may not be used by you`,
        'Choose a port above 1023: GLAMBDAR_PORT=8000.',
      );
    case 'other':
      return missing(
        name,
        `another program has ${address}`,
        'End it, or choose another port: GLAMBDAR_PORT=8001 npm start.',
      );
  }
}

function privacyFinding({ privateFiles }: MachineFacts): Finding {
  const name = 'Private files';
  const open = privateFiles.filter(({ mode }) => (mode & 0o077) !== 0);
  if (open.length === 0) return ok(name, 'nobody else can read your keys');
  const paths = open.map(({ path }) => path).join(' ');
  return missing(
    name,
    `others can read ${paths}`,
    `Run \`chmod go= ${paths}\`, and revoke keys that somebody may have read.`,
  );
}
