import type { ContainerSpec } from '../../src/container/engine/container-engine.js';
import { type SandboxAllotment, sandboxPolicy } from '../../src/container/engine/sandbox-policy.js';

/** What a plain function's container gets. */
export const plainAllotment: SandboxAllotment = {
  userId: 200_000,
  memoryBytes: 128 * 1024 * 1024,
  cpuMillis: 1500,
  processes: 64,
  openFiles: 1024,
  tmpBytes: 64 * 1024 * 1024,
  tmpPrograms: false,
  runDirectory: '/var/lib/glambdar/run/1',
  codeDirectory: '/var/lib/glambdar/functions/f/1',
};

/** A plain function's container, as an engine is asked for it. */
export const plainSpec: ContainerSpec = {
  name: 'glambdar-0badcafe-a1b2c3-1',
  owner: { installation: '0badcafe', instance: 'a1b2c3' },
  program: {
    runtime: 'nodejs24.x',
    image: 'glambdar-worker',
    command: ['/usr/local/bin/tini', '--', '/usr/local/bin/node', '/runtime/worker/main.js'],
    environment: { GLAMBDAR_TOKEN: 'token', HOME: '/tmp' },
  },
  policy: sandboxPolicy(plainAllotment),
  ociRuntime: undefined,
};
