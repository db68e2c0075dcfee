import { jest } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '../../src/common/time/clock.js';
import { LauncherPlace } from '../../src/container/engine/oci/launcher/messages.js';
import { LauncherProcess } from '../../src/container/engine/oci/launcher-process.js';
import { Session } from '../../src/container/engine/oci/session.js';
import { patientlyMs } from '../support/served.js';
import { ociLauncher } from '../support/test-engine.js';

jest.setTimeout(patientlyMs);

/** As many as are made at a time. */
const batch = 16;

let directory: string;
let place: LauncherPlace;
let launcher: LauncherProcess;
let session: Session;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glambdar-roots-'));
  await mkdir(join(directory, 'rootfs'));
  place = new LauncherPlace(join(directory, 'launcher'));
  await mkdir(place.directory);
  const options = { directory: place.directory, program: ociLauncher, startTimeoutMs: patientlyMs };
  launcher = await LauncherProcess.start(new SystemClock(), options, () => undefined);
  session = new Session(launcher, place, patientlyMs);
}, patientlyMs);
afterEach(async () => {
  await launcher.stop();
  await rm(directory, { recursive: true });
});

/** As the launcher's namespace has them: mounts, and the directories that they are on. */
async function rootsThere(): Promise<{ readonly mounted: number; readonly directories: number }> {
  const mounts = await readFile(join(launcher.seen('..'), 'mountinfo'), 'utf8');
  const mounted = mounts.split('\n').filter((line) => line.includes(` ${place.roots}/`)).length;
  return { mounted, directories: (await readdir(launcher.seen(place.roots))).length };
}

describe('roots of containers', () => {
  it('that a burst has left are unmounted, but for a batch', async () => {
    const roots = session.rootsOf({ rootDirectory: join(directory, 'rootfs') });
    // With one more than whole batches, none is still being made ahead when the last one is taken.
    const taken = await Promise.all(Array.from({ length: 10 * batch + 1 }, () => roots.take()));
    expect((await rootsThere()).mounted).toBe(11 * batch);
    for (const root of taken) roots.giveBack(root);
    await session.unmountSurplus();
    await session.unmountSurplus();
    await expect(rootsThere()).resolves.toEqual({ mounted: batch, directories: batch });
  });

  it('that could not be mounted leave nothing, and each who waits hears of it', async () => {
    const roots = session.rootsOf({ rootDirectory: join(directory, 'nowhere') });
    const taken = await Promise.allSettled([roots.take(), roots.take()]);
    expect(taken.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(rootsThere()).resolves.toEqual({ mounted: 0, directories: 0 });
  });
});
