import { jest } from '@jest/globals';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadScheduler } from '../../src/common/read-scheduler/read-scheduler.js';
import { SystemClock } from '../../src/common/time/clock.js';
import type { ContainerId, ContainerSpec } from '../../src/container/engine/container-engine.js';
import { OciEngine } from '../../src/container/engine/oci/oci-engine.js';
import { sandboxPolicy } from '../../src/container/engine/sandbox-policy.js';
import { contractDirectories, tellContainer } from '../support/contract-directories.js';
import { patientWithEngine } from '../support/container-harness.js';
import { plainAllotment } from '../support/container-spec.js';
import { type UnpackedContractImage, unpackedContractImage } from '../support/contract-image.js';
import { eventually } from '../support/eventually.js';
import { leftoversOf, placesOf, processesOf } from '../support/oci-leftovers.js';
import { patientlyMs } from '../support/served.js';
import {
  type Step,
  SteppedContainers,
  stepsOfRemoval,
  stepsOfStart,
  stepsOfStartWithGvisor,
} from '../support/stepped-container.js';
import { ociLauncher } from '../support/test-engine.js';

jest.setTimeout(patientlyMs);

const behaviour = { kind: 'print-when-told', bytes: 1, exitCode: 7 } as const;
const never = new AbortController().signal;
const rootOf = async ({ images, program }: UnpackedContractImage) =>
  (await images.open(program.image))?.rootDirectory ?? '';

let directory: string;
let state: string;
let image: UnpackedContractImage;
let directoryFor: ReturnType<typeof contractDirectories>;
/** Another server, of another installation, on the same state. */
let neighbour: OciEngine;
let neighbours: ContainerId;
let neighboursDirectory: string;
/** Of the neighbour. */
let processes: readonly number[];
let containers = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glambdar-killed-'));
  state = join(directory, 'state');
  image = await unpackedContractImage(join(directory, 'image'));
  await mkdir(join(directory, 'run'));
  directoryFor = contractDirectories(join(directory, 'run'));
  neighbour = engine();
  neighboursDirectory = await directoryFor(behaviour);
  neighbours = await neighbour.create(specOf('neighbour', neighboursDirectory, 'crun'));
  const printed: PromiseWithResolvers<void> = Promise.withResolvers();
  await neighbour.attach(neighbours, () => {
    printed.resolve();
  });
  await neighbour.start(neighbours);
  await printed.promise;
  processes = processesOf(state);
}, patientlyMs);

afterAll(async () => {
  await neighbour.close();
  await rm(directory, { recursive: true });
});

function engine(): OciEngine {
  const clock = new SystemClock();
  const { images } = image;
  const options = { ...patientWithEngine, runtime: 'crun', state, images, launcher: ociLauncher } as const;
  return new OciEngine(clock, new ReadScheduler(clock), options);
}

function specOf(installation: string, runDirectory: string, ociRuntime: string): ContainerSpec {
  containers += 1;
  return {
    name: `glambdar-${installation}-${containers}`,
    owner: { installation, instance: 'c0ffee' },
    program: image.program,
    policy: sandboxPolicy({
      ...plainAllotment,
      userId: 200_000 + containers,
      runDirectory,
      codeDirectory: undefined,
    }),
    ociRuntime,
  };
}

/** Another installation for each: what one has left is not taken for the other's. */
async function nextSpec(runtime: string): Promise<ContainerSpec> {
  return specOf(`killed${containers}`, await directoryFor(behaviour), runtime);
}

/** As the next server of that installation does it before it takes calls. */
async function startAgain({ owner: { installation } }: ContainerSpec): Promise<void> {
  const next = engine();
  for (const { name } of await next.listOwned(installation)) await next.remove(name);
  await expect(next.listOwned(installation)).resolves.toEqual([]);
  await next.close();
}

async function expectNothingLeft({ owner: { installation } }: ContainerSpec): Promise<void> {
  await eventually('the end of its processes', () => processesOf(state).length <= processes.length);
  expect(processesOf(state)).toEqual(processes);
  expect([...(await leftoversOf(state, installation)), ...placesOf(state, installation)]).toEqual([]);
}

const moments = [
  ...momentsOf('crun', 'run', stepsOfStart),
  ...momentsOf('crun', 'remove', stepsOfRemoval),
  ...momentsOf('runsc', 'run', stepsOfStartWithGvisor),
  ...momentsOf('runsc', 'remove', stepsOfRemoval),
];

function momentsOf(runtime: 'crun' | 'runsc', kind: 'run' | 'remove', steps: Readonly<Record<string, Step>>) {
  return Object.entries(steps).map(([name, step]) => ({ runtime, kind, name, step }));
}

describe.each(['the server', 'the server and its launcher'])('%s killed', (killed) => {
  it.each(moments)(
    'when $name, with $runtime, leaves nothing that the next one does not remove',
    async ({ runtime, kind, step }) => {
      const spec = await nextSpec(runtime);
      const server = await SteppedContainers.start(state, await rootOf(image));
      if (kind === 'remove') await expect(server.ask('run', spec)).resolves.toBeUndefined();
      await server.askUntil(kind, spec, step);
      if (killed !== 'the server') server.killLauncher();
      await server.kill();
      await startAgain(spec);
      await expectNothingLeft(spec);
    },
  );
});

describe('the launcher killed', () => {
  let server: SteppedContainers;
  beforeAll(async () => {
    server = await SteppedContainers.start(state, await rootOf(image));
  }, patientlyMs);

  it.each(moments)(
    'when $name, with $runtime, leaves nothing that its server does not remove',
    async ({ runtime, kind, step }) => {
      const spec = await nextSpec(runtime);
      if (kind === 'remove') await expect(server.ask('run', spec)).resolves.toBeUndefined();
      const { answer } = await server.askUntil(kind, spec, step);
      server.killLauncher();
      await answer;
      // Settles when the server knows: it hears that the launcher has died, or asks another one.
      await server.ask('ping', spec);
      await expect(server.ask('remove', spec)).resolves.toBeUndefined();
      await expect(leftoversOf(state, spec.owner.installation)).resolves.toEqual([]);
    },
  );

  afterAll(() => server.kill());
});

describe('another server on the same state', () => {
  it('has its container as before', async () => {
    await expect(neighbour.listOwned('neighbour')).resolves.toEqual([{ id: neighbours, name: neighbours }]);
    await tellContainer(neighboursDirectory);
    await expect(neighbour.wait(neighbours, never)).resolves.toEqual({ exitCode: 7, outOfMemory: false });
    await neighbour.remove(neighbours);
    await neighbour.close();
    expect([...(await leftoversOf(state, 'neighbour')), ...placesOf(state, 'neighbour')]).toEqual([]);
    await eventually('the end of all processes', () => processesOf(state).length === 0);
  });
});
