import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildsSettings } from '../../src/builds/builds.settings.js';
import { buildAllowance, buildResources } from '../../src/builds/container/build-program.js';
import { settingsFor } from '../support/builders/functions.js';
import { ProgramContainer } from '../support/program-container.js';
import { systemCallProbe } from '../support/static-program.js';
import { openTestEngine } from '../support/test-engine.js';

interface Powers {
  readonly mounts: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
  readonly cgroup: object;
}

const golden = join(import.meta.dirname, 'golden/container-powers.json');

/** What a build's container sees and may do, as it says itself. */
async function reportedPowers(root: string, runsScripts: boolean): Promise<unknown> {
  const [runDirectory, codeDirectory] = [join(root, 'run'), join(root, 'code')];
  for (const directory of [runDirectory, codeDirectory]) await mkdir(directory);
  for (const directory of [root, codeDirectory]) await chmod(directory, 0o755);
  const probe = systemCallProbe([{ name: 'getpid', number: 39, args: [] }]);
  await writeFile(join(runDirectory, 'probe'), probe, { mode: 0o755 });
  const engine = await openTestEngine();
  const order = {
    program: 'container-powers.mjs',
    uid: 234_568,
    runDirectory,
    codeDirectory,
    allowance: buildAllowance(runsScripts),
    resources: buildResources(settingsFor(buildsSettings)),
  };
  const container = await ProgramContainer.start(order, engine);
  try {
    return ((await container.report()) as { powers: unknown }).powers;
  } finally {
    await container.remove();
    await engine.close();
  }
}

describe('the powers of a build’s container', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'glambdar-powers-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  it.each([false, true])(
    'are those of a function’s but for its limits, and for programs in /tmp where scripts run: %s',
    async (runsScripts) => {
      const known = JSON.parse(await readFile(golden, 'utf8')) as Powers;
      // Those of system calls are compared by their filter, which all containers have.
      const ofFunctions = { ...known, systemCalls: undefined };
      const { mounts, limits, cgroup } = ofFunctions;
      const tmp = mounts['/tmp']?.replace(',noexec', runsScripts ? '' : ',noexec');
      expect(await reportedPowers(root, runsScripts)).toEqual({
        ...ofFunctions,
        user: { uid: 234_568, gid: 234_568, groups: [234_568] },
        mounts: { ...mounts, '/tmp': tmp },
        limits: { ...limits, 'Max open files': '4096/4096' },
        cgroup: { ...cgroup, memoryMiB: 1024, pids: 256 },
        ...(runsScripts && { 'a program in /tmp': 'runs' }),
      });
    },
  );
});
