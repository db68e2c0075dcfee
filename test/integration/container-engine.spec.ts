import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadScheduler } from '../../src/common/read-scheduler/read-scheduler.js';
import { SystemClock } from '../../src/common/time/clock.js';
import { DockerEngine } from '../../src/container/engine/docker/docker-engine.js';
import { containerEngineContract } from '../contract/container-engine.contract.js';
import { contractDirectories, tellContainer } from '../support/contract-directories.js';
import { patientWithEngine } from '../support/container-harness.js';
import { engineSocketPath } from '../support/docker-engine.js';
import { contractProgram } from '../support/contract-image.js';

containerEngineContract('The engine of Docker', async () => {
  const program = await contractProgram(engineSocketPath);
  const directory = await mkdtemp(join(tmpdir(), 'glambdar-contract-'));
  const limits = patientWithEngine;
  const clock = new SystemClock();
  const engineAt = (socketPath: string) =>
    new DockerEngine(clock, new ReadScheduler(clock), { ...limits, socketPath });
  return {
    engine: engineAt(engineSocketPath),
    program,
    ociRuntime: 'runc',
    directoryFor: contractDirectories(directory),
    tell: tellContainer,
    unreachable: () => engineAt(join(directory, 'nobody.sock')),
    close: () => rm(directory, { recursive: true }),
  };
});
