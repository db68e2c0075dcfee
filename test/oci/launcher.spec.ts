import { jest } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { fixtureZip, handlerZip } from '../support/zip.js';
import { eventually } from '../support/eventually.js';
import { launchersOf } from '../support/faulty-runtime.js';
import { Latch, reachesLatch } from '../support/latch.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

let latch: Latch;
let served: Served;
beforeAll(async () => {
  latch = await Latch.closed();
  served = await Served.start(reachesLatch);
  await served.deploy('hello', fixtureZip('hello'));
  const slow = handlerZip(`async () => { await ${latch.opened}; return 'finished'; }`);
  await served.deploy('slow', slow, { egress: latch.egress });
}, patientlyMs);
afterAll(async () => {
  await served.expectCleanEnd();
  await latch.remove();
}, patientlyMs);

describe('a launcher that is killed', () => {
  it('takes its containers along; their calls end, and the next call finds another launcher', async () => {
    const inFlight = served.invoke('slow');
    await latch.holds(1);
    const [launcher, ...others] = launchersOf(served.pid);
    expect([launcher, others]).toEqual([expect.any(Number), []]);
    process.kill(launcher!, 'SIGKILL');
    const lost = await inFlight;
    // Nothing that the function did, so a client or an event may try again.
    expect([lost.status, lost.json]).toEqual([503, expect.objectContaining({ code: 'RUNTIME_UNAVAILABLE' })]);
    await eventually('a call to answer', async () => (await served.invoke('hello')).status === 200);
    expect(launchersOf(served.pid)).not.toContain(launcher);
  });
});

describe('a server that is killed', () => {
  it('leaves no process, and the next one removes what else it left', async () => {
    const inFlight = served.invoke('slow').catch(() => 'lost');
    await latch.holds(1);
    const launchers = launchersOf(served.pid);
    expect(launchers).toHaveLength(1);
    await served.crash();
    await expect(inFlight).resolves.toBe('lost');
    await eventually('the end of its launcher', async () => {
      const pids = await readdir('/proc');
      return launchers.every((pid) => !pids.includes(String(pid)));
    });
    const left = await served.containers();
    expect(left).not.toEqual([]);
    served = await Served.start(reachesLatch, served.directory);
    await eventually('the removal of what was left', async () => {
      const there = await served.containers();
      return left.every((name) => !there.includes(name));
    });
  });
});
