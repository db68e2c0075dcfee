import { jest } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fixtureZip, handlerZip } from '../support/zip.js';
import { eventually } from '../support/eventually.js';
import { Latch, reachesLatch } from '../support/latch.js';
import { nothingLeft, patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

let served: Served;
afterEach(async () => {
  await served.stop();
  await served.removeDirectory();
}, patientlyMs);

function admitted(name: string, calls: number): Promise<unknown> {
  return eventually(`${calls} calls of ${name}`, async () => (await served.info(name)).invokeCount >= calls);
}

/** Everything below `run`, as relative paths. */
function runEntries(): Promise<string[]> {
  return readdir(join(served.directory, 'run'), { recursive: true });
}

function isContainer(path: string): boolean {
  return !path.includes('/');
}

describe('SIGTERM', () => {
  it('lets a call finish, takes no new one, leaves no container, and the next start knows every function', async () => {
    const latch = await Latch.closed();
    served = await Served.start(reachesLatch);
    const slow = handlerZip(`async () => { await ${latch.opened}; return 'finished'; }`);
    await served.deploy('slow', slow, { egress: latch.egress });
    await served.deploy('hello', fixtureZip('hello'), { isolation: 'warm', minContainers: 1 });
    for (let call = 0; call < 3; call += 1) await served.invoke('hello');
    const inFlight = served.invoke('slow');
    await latch.holds(1);

    served.signal('SIGTERM');
    // As Ctrl-C does under npm: it counts as one.
    served.signal('SIGINT');
    await served.logged('shutting down');
    const late = served.invoke('hello').then(
      ({ status }) => status,
      () => 'refused',
    );
    expect([503, 'refused']).toContain(await late);
    latch.open();
    expect((await inFlight).json).toBe('finished');
    expect((await served.ended).exitCode).toBe(0);
    expect(await served.leftovers()).toEqual(nothingLeft);
    await latch.remove();

    served = await Served.start({}, served.directory);
    expect(await served.info('hello')).toMatchObject({ invokeCount: 3 });
    expect(await served.info('slow')).toMatchObject({ invokeCount: 1 });
    expect((await served.invoke('hello')).status).toBe(200);
  });
});

describe('kill -9 in the middle of calls', () => {
  it('loses no function; the next start removes every container and socket of the killed server', async () => {
    served = await Served.start();
    await served.deploy('never', fixtureZip('never-settles'), { maxContainers: 1 });
    await served.deploy('warm', fixtureZip('counter'), {
      isolation: 'warm',
      minContainers: 1,
      maxContainers: 1,
    });
    expect((await served.invoke('warm')).json).toBe(1);
    // A worker that has connected has taken its socket off the disk: one for each function and two prewarmed ones wait.
    await eventually('all to be ready', async () => {
      const entries = await runEntries();
      return entries.filter(isContainer).length === 4 && !entries.some((path) => path.endsWith('/socket'));
    });
    const lost = Promise.allSettled([1, 2, 3].map(() => served.invoke('never')));
    await admitted('never', 3);
    // A prewarmed container's code is linked into its directory, which a killed server cannot take away.
    await eventually('a prewarmed container to have its code', async () =>
      (await runEntries()).some((path) => path.endsWith('/code/index.js')),
    );
    const before = await served.leftovers();
    await served.crash();
    await lost;
    expect((await served.containers()).length).toBeGreaterThan(0);

    // Nothing is provisioned ahead of calls, so whatever is there is the killed server's.
    served = await Served.start({ GLAMBDAR_PREWARMED_CONTAINERS: '0' }, served.directory);
    const after = await served.leftovers();
    expect(after.containers.filter((name) => before.containers.includes(name))).toEqual([]);
    expect(after.run.filter((id) => before.run.includes(id))).toEqual([]);
    expect(after.staging).toEqual([]);
    expect((await served.invoke('warm')).json).toBe(1);
    expect((await served.info('never')).name).toBe('never');
    expect(await served.stop()).toBe(0);
    expect(await served.leftovers()).toEqual(nothingLeft);
  });
});

describe('a second npm start', () => {
  it('installs and builds nothing', async () => {
    served = await Served.start();
    await served.stop();
    served = await Served.start({}, served.directory);
    await served.stop();
    expect((await served.ended).stderr).not.toMatch(/Installing|Building|Making/);
  });
});
