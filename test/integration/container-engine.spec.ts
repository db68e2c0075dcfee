import { join } from 'node:path';
import { ReadScheduler } from '../../src/common/read-scheduler/read-scheduler.js';
import { SystemClock } from '../../src/common/time/clock.js';
import { DockerEngine } from '../../src/container/engine/docker/docker-engine.js';
import { containerEngineContract } from '../contract/container-engine.contract.js';
import { patientWithEngine } from '../support/container-harness.js';
import { imagesOfDocker } from '../support/contract-image.js';
import { contractSubject } from '../support/contract-subject.js';
import { engineSocketPath } from '../support/docker-engine.js';

containerEngineContract('The engine of Docker', async () => {
  const clock = new SystemClock();
  const engineAt = (socketPath: string) =>
    new DockerEngine(clock, new ReadScheduler(clock), { ...patientWithEngine, socketPath });
  return contractSubject({
    engine: engineAt(engineSocketPath),
    images: await imagesOfDocker(engineSocketPath),
    ociRuntime: 'runc',
    unreachable: (directory) => engineAt(join(directory, 'nobody.sock')),
  });
});
