import { jest } from '@jest/globals';
import { handlerZip } from '../support/zip.js';
import type { Answer } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { isOnGvisor, versionOfGvisor } from '../support/gvisor.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

/** Answers with the container's own host name, and with how often this process has been called. */
const whereAmI = handlerZip(
  '() => ({ host: os.hostname(), call: (calls += 1) })',
  "const os = require('node:os'); let calls = 0;",
);

interface Where {
  readonly host: string;
  readonly call: number;
}

let served: Served;
beforeAll(async () => {
  served = await Served.start();
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

function where(answer: Answer): Where {
  expect(answer.status).toBe(200);
  return answer.json as Where;
}

function hostsOf(answers: readonly Answer[]): Set<string> {
  return new Set(answers.map((answer) => where(answer).host));
}

describe('a fresh function', () => {
  it('has a container of its own for each of five calls in a row', async () => {
    await served.deploy('row', whereAmI);
    const answers: Answer[] = [];
    for (let call = 0; call < 5; call += 1) answers.push(await served.invoke('row'));
    expect(hostsOf(answers).size).toBe(5);
    expect(answers.map((answer) => where(answer).call)).toEqual([1, 1, 1, 1, 1]);
  });

  it('has a container of its own for each of 16 calls at once, and all answer', async () => {
    await served.deploy('parallel', whereAmI);
    const answers = await Promise.all(Array.from({ length: 16 }, () => served.invoke('parallel')));
    expect(hostsOf(answers).size).toBe(16);
    expect((await served.info('parallel')).invokeCount).toBe(16);
  });

  it('finds its first container ready after the deploy', async () => {
    await served.deploy('first', whereAmI);
    expect((await served.invoke('first')).origin).toBe('fresh-pool');
  });

  it('gets what is quickest when nothing is ready: a prewarmed container, or one made for it', async () => {
    await served.deploy('burst', whereAmI);
    const answers = await Promise.all([1, 2, 3, 4].map(() => served.invoke('burst')));
    // Which of them are first is the machine's; the one that was made for the deployment serves one.
    const origins = answers.map(({ origin }) => origin);
    expect(origins).toContain('fresh-pool');
    for (const origin of origins) expect(['fresh-pool', 'prewarmed', 'cold']).toContain(origin);
  });
});

describe('a warm function', () => {
  it('reuses its container, whose state only it sees', async () => {
    const warm = { isolation: 'warm', maxContainers: 1 };
    await Promise.all([served.deploy('warm-a', whereAmI, warm), served.deploy('warm-b', whereAmI, warm)]);
    const [a1, a2] = [await served.invoke('warm-a'), await served.invoke('warm-a')];
    const [b1, b2] = [await served.invoke('warm-b'), await served.invoke('warm-b')];
    expect([a1.origin, a2.origin, b1.origin, b2.origin]).toEqual([
      'fresh-pool',
      'warm',
      'fresh-pool',
      'warm',
    ]);
    expect(where(a1).host).toBe(where(a2).host);
    expect(where(b1).host).toBe(where(b2).host);
    expect(where(a1).host).not.toBe(where(b1).host);
    expect([a1, a2, b1, b2].map((answer) => where(answer).call)).toEqual([1, 2, 1, 2]);
  });

  it('runs in no more containers than it may, however many calls come at once', async () => {
    await served.deploy('warm-two', whereAmI, { isolation: 'warm', maxContainers: 2 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => served.invoke('warm-two')));
    expect(hostsOf(answers).size).toBeLessThanOrEqual(2);
  });

  it('gets a new container after one that failed', async () => {
    const handler = `async (event) => {
      if (event.body === 'exit') process.exit(1);
      return os.hostname();
    }`;
    const zip = handlerZip(handler, "const os = require('node:os');");
    await served.deploy('warm-exits', zip, { isolation: 'warm', maxContainers: 1 });
    const before = await served.invoke('warm-exits');
    expect((await served.invoke('warm-exits', 'exit')).status).toBe(502);
    const after = await served.invoke('warm-exits');
    expect([before.status, after.status]).toEqual([200, 200]);
    expect(after.json).not.toBe(before.json);
  });
});

describe('a container', () => {
  it('has the kernel that it should: the machine’s, or gVisor', async () => {
    await served.deploy(
      'kernel',
      handlerZip("() => require('node:fs').readFileSync('/proc/version', 'utf8')"),
    );
    const { json } = await served.invoke('kernel');
    if (isOnGvisor) expect(json).toMatch(versionOfGvisor);
    else expect(json).not.toMatch(versionOfGvisor);
  });

  it('has no network, no host names but its own, and nothing to write to but /tmp', async () => {
    const handler = `() => {
      const refused = (path) => { try { fs.writeFileSync(path, 'x'); return false; } catch { return true; } };
      return {
        cards: fs.readFileSync('/proc/net/dev', 'utf8').match(/^ *\\w+(?=:)/gm).map((card) => card.trim()),
        addresses: Object.values(os.networkInterfaces()).flat().map(({ address }) => address),
        uid: process.getuid(),
        readOnly: ['/x', '/glambdar/x', '/glambdar/code/x', '/glambdar/code/index.js'].map(refused),
        writable: !refused('/tmp/x'),
      };
    }`;
    await served.deploy(
      'probe',
      handlerZip(handler, "const os = require('node:os'), fs = require('node:fs');"),
    );
    const { uid, ...seen } = (await served.invoke('probe')).json as Record<string, unknown>;
    expect(seen).toEqual({
      cards: ['lo'],
      addresses: ['127.0.0.1'],
      readOnly: [true, true, true, true],
      writable: true,
    });
    expect(uid).toBeGreaterThanOrEqual(200_000);
  });

  it('is removed after its call, and nothing keeps its directory', async () => {
    await served.deploy('removed', whereAmI);
    const { host } = where(await served.invoke('removed'));
    await served.delete('removed');
    await eventually('the container to go', async () => {
      const left = await served.leftovers();
      return left.run.length === left.containers.length && !left.containers.join().includes(host);
    });
  });
});
