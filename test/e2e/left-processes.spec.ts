import { jest } from '@jest/globals';
import { craftZip } from '../support/zip.js';
import { orphaningProgram } from '../support/static-program.js';
import { eventually } from '../support/eventually.js';
import { endsWhenFull } from '../support/gvisor.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

/** More than a container may have processes. */
const manyTimes = 100;

let served: Served;
beforeAll(async () => {
  served = await Served.start();
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

/** Leaves as many orphans behind as the body says, and tells its container and how often it could not. */
function leaves(orphan: 'ends' | 'goes on'): Buffer {
  const code = `
    const { spawnSync } = require('node:child_process');
    exports.handler = ({ body }) => {
      let failures = 0;
      for (let n = 0; n < Number(body); n += 1) {
        const { status } = spawnSync('/glambdar/code/orphaning', { stdio: 'ignore' });
        if (status !== 0) failures += 1;
      }
      return { host: require('node:os').hostname(), failures };
    };`;
  return craftZip([
    { name: 'index.js', content: code },
    { name: 'orphaning', content: orphaningProgram(orphan), mode: 0o100755 },
  ]);
}

interface Said {
  readonly host: string;
  readonly failures: number;
}

async function call(name: string, orphans = 1): Promise<Said> {
  const answer = await served.invoke(name, String(orphans));
  expect(answer.status).toBe(200);
  return answer.json as Said;
}

describe('processes that nobody waits for', () => {
  it('are gone when they end: a warm container starts new ones after any number of calls', async () => {
    await served.deploy('warm-orphans', leaves('ends'), { isolation: 'warm', maxContainers: 1 });
    const said: Said[] = [];
    for (let times = 0; times < manyTimes; times += 1) said.push(await call('warm-orphans'));
    expect(said.filter(({ failures }) => failures > 0)).toEqual([]);
    expect(new Set(said.map(({ host }) => host)).size).toBe(1);
  });

  it('are gone when they end: so does one call', async () => {
    await served.deploy('fresh-orphans', leaves('ends'));
    expect(await call('fresh-orphans', manyTimes)).toMatchObject({ failures: 0 });
  });

  it('go on while there is room for them: what a warm function keeps beside it serves the next calls', async () => {
    await served.deploy('warm-keeps', leaves('goes on'), { isolation: 'warm', maxContainers: 1 });
    const first = await call('warm-keeps');
    const hosts = [await call('warm-keeps', 0), await call('warm-keeps', 0)].map(({ host }) => host);
    expect(hosts).toEqual([first.host, first.host]);
  });

  it('do not keep a function from its processes: a warm container that is full of them is replaced', async () => {
    await served.deploy('warm-full', leaves('goes on'), { isolation: 'warm', maxContainers: 1 });
    const first = await call('warm-full', 0);
    const full = await served.invoke('warm-full', String(manyTimes));
    if (endsWhenFull) expect(full.code).toBe('FUNCTION_EXITED');
    else expect((full.json as Said).failures).toBeGreaterThan(0);
    const next = await eventually('another container', async () => {
      const said = await call('warm-full');
      return said.host === first.host ? undefined : said;
    });
    expect(next.failures).toBe(0);
  });
});
