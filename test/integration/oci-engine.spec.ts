import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ReadScheduler } from '../../src/common/read-scheduler/read-scheduler.js';
import { SystemClock } from '../../src/common/time/clock.js';
import { type ContainerSpec } from '../../src/container/engine/container-engine.js';
import { OciEngine } from '../../src/container/engine/oci/oci-engine.js';
import { sandboxPolicy } from '../../src/container/engine/sandbox-policy.js';
import { containerEngineContract } from '../contract/container-engine.contract.js';
import { contractDirectories, tellContainer } from '../support/contract-directories.js';
import { patientWithEngine } from '../support/container-harness.js';
import { unpackedContractImage } from '../support/contract-image.js';

/** As many as the engine has made at a time. */
const mountsAtOnce = 16;

const launcher = new URL('../support/oci-launcher.mjs', import.meta.url);

let shared: string;
let image: Awaited<ReturnType<typeof unpackedContractImage>>;
beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'glambdar-image-'));
  image = await unpackedContractImage(shared);
});
afterAll(() => rm(shared, { recursive: true }));

const abilities = {
  crun: { survivesLostChild: true },
  runc: { survivesLostChild: true },
  runsc: { survivesLostChild: false },
};

describe.each(['crun', 'runc', 'runsc'] as const)('with %s', (runtime) => {
  const open = async () => {
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
      tell: tellContainer,
      unreachable: () => engineOf(new URL('no-launcher.mjs', launcher)),
      close: async () => {
        await engine.close();
        await rm(directory, { recursive: true });
      },
    };
  };
  containerEngineContract(`The engine of ${runtime}`, open, abilities[runtime]);
});

it('takes no further mount of an image for each container that could not be made', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'glambdar-roots-'));
  const clock = new SystemClock();
  let isBroken = true;
  const rootDirectory = (await image.images.open(image.program.image))?.rootDirectory ?? '';
  const broken = {
    rootDirectory,
    get environment(): Record<string, string> {
      if (isBroken) throw new Error('no environment');
      return {};
    },
  };
  const engine = new OciEngine(clock, new ReadScheduler(clock), {
    ...patientWithEngine,
    runtime: 'runc',
    state: join(directory, 'state'),
    images: { open: () => Promise.resolve(broken) },
    launcher,
  });
  const installation = 'roots';
  const spec: ContainerSpec = {
    name: 'glambdar-roots-1',
    owner: { installation, instance: 'c0ffee' },
    program: image.program,
    policy: sandboxPolicy({
      userId: 200_000,
      memoryBytes: 128 * 1024 * 1024,
      cpuMillis: 1000,
      processes: 64,
      openFiles: 1024,
      tmpBytes: 16 * 1024 * 1024,
      tmpPrograms: false,
      runDirectory: directory,
      codeDirectory: undefined,
    }),
    ociRuntime: undefined,
  };
  try {
    for (let failed = 0; failed < mountsAtOnce * 2; failed += 1)
      await expect(engine.create(spec)).rejects.toMatchObject({ kind: 'refused' });
    isBroken = false;
    await engine.create(spec);
    const bundle = join(directory, 'state', installation, 'containers', spec.name);
    const { root } = JSON.parse(await readFile(join(bundle, 'config.json'), 'utf8')) as {
      root: { path: string };
    };
    // They are numbered as they are made.
    expect(Number(basename(root.path))).toBeLessThanOrEqual(mountsAtOnce);
    await engine.remove(spec.name);
  } finally {
    await engine.close();
    await rm(directory, { recursive: true });
  }
});
