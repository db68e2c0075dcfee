import { jest } from '@jest/globals';
import { globSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LauncherProcess } from '../../src/container/engine/oci/launcher-process.js';
import { systemCalls } from '../../src/container/engine/system-calls.js';
import { answerOf } from '../support/filter-program.js';
import { ProgramContainer } from '../support/program-container.js';
import { openTestEngine } from '../support/test-engine.js';

const [EPERM, ENOSYS] = [0x0005_0001, 0x0005_0026];
const newestKnownCall = 449;

const processors = { 'x86-64': 0xc000_003e, arm64: 0xc000_00b7, i386: 0x4000_0003, arm: 0x4000_0028 };

interface Configuration {
  readonly linux: object;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Of one container that the engine makes: what crun compiled its list to, and what the container then has. */
async function filtersOf(root: string): Promise<{ ofList: Buffer; ofContainer: Buffer }> {
  const asking = jest.spyOn(LauncherProcess.prototype, 'ask');
  const engine = await openTestEngine('crun');
  const [runDirectory, codeDirectory] = [join(root, 'run'), join(root, 'code')];
  await mkdir(codeDirectory);
  const order = { program: 'neighbour.mjs', uid: 234_590, runDirectory, codeDirectory };
  const container = await ProgramContainer.start(order, engine);
  try {
    const inspected = asking.mock.calls.findIndex(([{ kind }]) => kind === 'inspect');
    const ofList = (await asking.mock.results[inspected]?.value) as string;
    const [path = ''] = globSync(`${engine.state}/*/containers/*/config.json`);
    const { linux, annotations } = JSON.parse(await readFile(path, 'utf8')) as Configuration;
    expect(linux).not.toHaveProperty('seccomp');
    const ofContainer = annotations['run.oci.seccomp_bpf_data'] ?? '';
    return { ofList: Buffer.from(ofList, 'base64'), ofContainer: Buffer.from(ofContainer, 'base64') };
  } finally {
    asking.mockRestore();
    await container.remove();
    await engine.close();
  }
}

/** Those of each processor, those to come, and those of x32. */
const numbers = [...Array(512).keys(), 0x4000_0000, 0x4000_0001, 0x4000_0200, 0xffff_ffff];

/** Every value that a rule asks for, the next one, and the same with a bit that the kernel may not read. */
const values = new Set(
  systemCalls.rules
    .flatMap(({ when }) => when.map(({ equals }) => BigInt(equals)))
    .flatMap((value) => [value, value + 1n, value | (1n << 32n)]),
);

/** Each value in each place, beside what rules ask of the other places. */
const argumentLists = [...values].flatMap((value) => [
  [value, 0n, 0n],
  [value, 1n, 0n],
  [value, 1n, 6n],
  [1n, value, 0n],
  [2n, value, 6n],
  [1n, 1n, value],
  [2n, 1n, value],
]);

describe('the filter that crun’s containers have', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'glambdar-filter-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('answers each call as the list’s own does, but that newer calls than it knows do not exist', async () => {
    const { ofList, ofContainer } = await filtersOf(root);
    const differing: string[] = [];
    const answers = new Set<number>();
    for (const [name, processor] of Object.entries(processors)) {
      for (const number of numbers) {
        for (const args of argumentLists) {
          const call = { number, processor, args };
          const listed = answerOf(ofList, call);
          const isUnknown = listed === EPERM && number > newestKnownCall;
          const expected = isUnknown ? ENOSYS : listed;
          answers.add(listed);
          if (answerOf(ofContainer, call) !== expected) differing.push(`${name} ${number} ${args.join()}`);
        }
      }
    }
    expect(differing).toEqual([]);
    // All that it can say was said: allowed, done, refused in two ways, and the end of the thread.
    expect(answers.size).toBe(5);
  });
});
