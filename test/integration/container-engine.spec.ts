import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadScheduler } from '../../src/common/read-scheduler/read-scheduler.js';
import { SystemClock } from '../../src/common/time/clock.js';
import { DockerEngine } from '../../src/container/engine/docker/docker-engine.js';
import { containerEngineContract, type Behaviour } from '../contract/container-engine.contract.js';
import { patientWithEngine } from '../support/container-harness.js';
import { engineSocketPath } from '../support/docker-engine.js';
import { contractProgram } from '../support/contract-image.js';

function programFor(behaviour: Behaviour): string {
  switch (behaviour.kind) {
    case 'print':
      return `process.stdout.write(${JSON.stringify(behaviour.stdout)});
        process.stderr.write(${JSON.stringify(behaviour.stderr)});
        process.exitCode = ${behaviour.exitCode};`;
    case 'sleep':
      return 'setInterval(() => {}, 1000);';
    case 'exceed-memory':
      return 'const kept = []; for (;;) kept.push(Buffer.alloc(1 << 20, 1));';
    case 'lose-child-to-memory':
      return `import { spawn } from 'node:child_process';
        const child = spawn(process.execPath, ['-e', 'const kept = []; for (;;) kept.push(Buffer.alloc(1 << 20, 1));']);
        child.on('exit', () => { console.log('lost'); setInterval(() => {}, 1000); });`;
    case 'burn-cpu':
      return `while (process.cpuUsage().user < ${behaviour.cpuMs * 1000});
        console.log('done'); setInterval(() => {}, 1000);`;
    default:
      return behaviour satisfies never;
  }
}

containerEngineContract('The engine of Docker', async () => {
  const program = await contractProgram(engineSocketPath);
  const directory = await mkdtemp(join(tmpdir(), 'glambdar-contract-'));
  const limits = patientWithEngine;
  const clock = new SystemClock();
  const engineAt = (socketPath: string) =>
    new DockerEngine(clock, new ReadScheduler(clock), { ...limits, socketPath });
  let directories = 0;
  return {
    engine: engineAt(engineSocketPath),
    program,
    ociRuntime: 'runc',
    directoryFor: async (behaviour) => {
      directories += 1;
      const runDirectory = await mkdtemp(join(directory, `${directories}-`));
      await chmod(runDirectory, 0o755);
      await writeFile(join(runDirectory, 'program.mjs'), programFor(behaviour), { mode: 0o644 });
      return runDirectory;
    },
    unreachable: () => engineAt(join(directory, 'nobody.sock')),
    close: () => rm(directory, { recursive: true }),
  };
});
