import { jest } from '@jest/globals';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadScheduler } from '../../src/common/read-scheduler/read-scheduler.js';
import type { ContainerId, ContainerSpec } from '../../src/container/engine/container-engine.js';
import { OciEngine } from '../../src/container/engine/oci/oci-engine.js';
import { sandboxPolicy } from '../../src/container/engine/sandbox-policy.js';
import { ManualClock } from '../fakes/manual-clock.js';
import { contractDirectories } from '../support/contract-directories.js';
import { patientWithEngine } from '../support/container-harness.js';
import { plainAllotment } from '../support/container-spec.js';
import { type UnpackedContractImage, unpackedContractImage } from '../support/contract-image.js';
import { FaultyRuntime, type RuntimeFault, runtimeFaults } from '../support/faulty-runtime.js';
import { eventually } from '../support/eventually.js';
import { leftoversOf, placesOf, processesOf } from '../support/oci-leftovers.js';
import { patientlyMs } from '../support/served.js';
import { ociLauncher } from '../support/test-engine.js';

jest.setTimeout(patientlyMs);

const installation = 'faulty';
const path = process.env['PATH'];

let directory: string;
let state: string;
let image: UnpackedContractImage;
let runtime: FaultyRuntime;
let spec: ContainerSpec;
let clock: ManualClock;
let engine: OciEngine;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glambdar-faulty-'));
  state = join(directory, 'state');
  image = await unpackedContractImage(join(directory, 'image'));
  await mkdir(join(directory, 'run'));
  const runDirectory = await contractDirectories(join(directory, 'run'))({ kind: 'sleep' });
  runtime = new FaultyRuntime(directory);
  process.env['PATH'] = runtime.environment['PATH'];
  spec = {
    name: 'glambdar-faulty-1',
    owner: { installation, instance: 'c0ffee' },
    program: image.program,
    policy: sandboxPolicy({ ...plainAllotment, runDirectory, codeDirectory: undefined }),
    ociRuntime: undefined,
  };
}, patientlyMs);

afterAll(async () => {
  process.env['PATH'] = path;
  await rm(directory, { recursive: true });
});

beforeEach(() => {
  clock = new ManualClock();
  const { images } = image;
  const options = { ...patientWithEngine, runtime: 'crun', state, images, launcher: ociLauncher } as const;
  engine = new OciEngine(clock, new ReadScheduler(clock), options);
});

afterEach(async () => {
  runtime.fail('none');
  await engine.close();
  expect([...placesOf(state, installation), ...processesOf(state)]).toEqual([]);
});

/** What is asked of a runtime that hangs has its time limit; for all others there is no time. */
async function withTimeLimit<T>(fault: RuntimeFault, work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  if (fault === 'hang' || fault === 'linger') {
    let isOver = false;
    void work.finally(() => (isOver = true)).catch(() => undefined);
    await eventually('a runtime that hangs', () => runtime.hangs || isOver);
    clock.advance(patientWithEngine.callTimeoutMs);
  }
  return work;
}

/** Undefined where it worked all the same. */
async function failureOf(fault: RuntimeFault, work: Promise<unknown>): Promise<unknown> {
  return withTimeLimit(fault, work).then(
    () => undefined,
    (error: unknown) => error,
  );
}

const kinds: Record<RuntimeFault, readonly unknown[]> = {
  none: [undefined],
  fail: ['refused'],
  hang: ['timeout'],
  garble: ['refused'],
  delay: [undefined],
  // Whether what goes on without its runtime comes in time is chance.
  orphan: ['refused', undefined],
  linger: ['timeout', undefined],
};

async function expectRemoved(): Promise<void> {
  runtime.fail('none');
  await engine.remove(spec.name);
  await expect(leftoversOf(state, installation)).resolves.toEqual([]);
  await expect(engine.listOwned(installation)).resolves.toEqual([]);
}

describe.each(runtimeFaults)('a runtime with the fault: %s', (fault) => {
  it('that is asked for the first filter leaves nothing', async () => {
    runtime.fail(fault, 'create');
    const failure = await failureOf(fault, engine.create(spec));
    expect(kinds[fault]).toContain((failure as { kind?: string } | undefined)?.kind);
    await expectRemoved();
  });

  it('that is asked to start a container leaves nothing', async () => {
    const id: ContainerId = await engine.create(spec);
    const output = await engine.attach(id, () => undefined);
    runtime.fail(fault, 'run');
    const failure = await failureOf(fault, engine.start(id));
    expect(kinds[fault]).toContain((failure as { kind?: string } | undefined)?.kind);
    await expectRemoved();
    await output.ended;
  });
});

it('takes the next container as if nothing had been', async () => {
  runtime.fail('fail', 'create');
  await expect(engine.create(spec)).rejects.toMatchObject({ kind: 'refused' });
  runtime.fail('none');
  const id = await engine.create(spec);
  await engine.start(id);
  await engine.remove(id);
  await expect(leftoversOf(state, installation)).resolves.toEqual([]);
});
