import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadScheduler } from '../../src/common/read-scheduler/read-scheduler.js';
import { SystemClock } from '../../src/common/time/clock.js';
import { OciEngine } from '../../src/container/engine/oci/oci-engine.js';
import { containerEngineContract } from '../contract/container-engine.contract.js';
import { contractDirectories } from '../support/contract-directories.js';
import { patientWithEngine } from '../support/container-harness.js';
import { unpackedContractImage } from '../support/contract-image.js';

const launcher = new URL('../support/oci-launcher.mjs', import.meta.url);

let shared: string;
let image: Awaited<ReturnType<typeof unpackedContractImage>>;
beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'glambdar-image-'));
  image = await unpackedContractImage(shared);
});
afterAll(() => rm(shared, { recursive: true }));

describe.each(['crun', 'runc'] as const)('with %s', (runtime) => {
  containerEngineContract(`The engine of ${runtime}`, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'glambdar-contract-'));
    const clock = new SystemClock();
    const engineOf = (program: URL) =>
      new OciEngine(clock, new ReadScheduler(clock), {
        ...patientWithEngine,
        runtime,
        state: join(directory, 'state'),
        images: image.images,
        launcher: program,
      });
    const engine = engineOf(launcher);
    await mkdir(join(directory, 'run'));
    return {
      engine,
      program: image.program,
      ociRuntime: runtime,
      directoryFor: contractDirectories(join(directory, 'run')),
      unreachable: () => engineOf(new URL('no-launcher.mjs', launcher)),
      close: async () => {
        await engine.close();
        await rm(directory, { recursive: true });
      },
    };
  });
});
