import { jest } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { FaultyRuntime } from '../support/faulty-runtime.js';
import { versionOfGvisor } from '../support/gvisor.js';
import { Latch, reachesLatch } from '../support/latch.js';
import { patientlyMs, Served } from '../support/served.js';
import { handlerZip } from '../support/zip.js';

jest.setTimeout(patientlyMs);

const gvisor = { sandbox: 'gvisor' };
const kernel = handlerZip('() => fs.readFileSync("/proc/version", "utf8")', "const fs = require('node:fs');");

let ofMachine: string;

let directory: string;
let runsc: FaultyRuntime;
let latch: Latch;
let served: Served;
beforeAll(async () => {
  ofMachine = await readFile('/proc/version', 'utf8');
  directory = await mkdtemp(join(tmpdir(), 'gl-runsc-'));
  runsc = new FaultyRuntime(directory, 'runsc');
  latch = await Latch.closed();
  served = await Served.start({ ...reachesLatch, ...runsc.amongOthers });
}, patientlyMs);
afterAll(async () => {
  await served.expectCleanEnd();
  await latch.remove();
  await rm(directory, { recursive: true });
}, patientlyMs);

async function kernelOf(name: string): Promise<string> {
  const { status, json } = await served.invoke(name);
  expect(status).toBe(200);
  return json as string;
}

function change(name: string, settings: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  return served.send('PATCH', `/settings/${name}`, { body: JSON.stringify(settings), headers });
}

describe('a server without gVisor', () => {
  it('refuses the setting, and has it as soon as there is one', async () => {
    runsc.fail('fail');
    const refused = await served.upload('refused.zip', kernel, gvisor);
    expect([refused.status, refused.json]).toEqual([
      400,
      expect.objectContaining({ code: 'INVALID_SETTINGS', field: 'sandbox' }),
    ]);
    expect((await served.get('/info/refused')).status).toBe(404);
    runsc.fail('none');
    await served.deploy('accepted', kernel, gvisor);
  });
});

describe('two functions side by side', () => {
  beforeAll(async () => {
    await served.deploy('plain', kernel);
    await served.deploy('apart', kernel, gvisor);
  });

  it('have the machine’s kernel, and one of its own', async () => {
    const [plain, apart] = await Promise.all([kernelOf('plain'), kernelOf('apart')]);
    expect(plain).toBe(ofMachine);
    expect(apart).toMatch(versionOfGvisor);
  });

  it('can change places, and back', async () => {
    const changes = [{ sandbox: 'gvisor' }, { sandbox: 'container' }];
    const seen: string[] = [];
    for (const settings of changes) {
      expect((await change('plain', settings)).status).toBe(200);
      seen.push(await kernelOf('plain'));
    }
    expect(seen).toEqual([expect.stringMatching(versionOfGvisor), ofMachine]);
  });
});

describe('a function with gVisor', () => {
  it('gets its request, its environment and a place to write to', async () => {
    const handler = `async ({ body }) => {
      fs.writeFileSync('/tmp/kept', body);
      return [process.env.GREETING, fs.readFileSync('/tmp/kept', 'utf8'), process.getuid() > 0];
    }`;
    const zip = handlerZip(handler, "const fs = require('node:fs');");
    await served.deploy('writes', zip, { ...gvisor, environment: { GREETING: 'Hello' } });
    expect((await served.invoke('writes', 'body')).json).toEqual(['Hello', 'body', true]);
  });

  it('has a container for each call, or one for many if it is warm', async () => {
    const host = handlerZip("() => require('node:os').hostname()");
    await served.deploy('fresh', host, gvisor);
    await served.deploy('warm', host, { ...gvisor, isolation: 'warm', maxContainers: 1 });
    const hostsOf = async (name: string) =>
      new Set([(await served.invoke(name)).json, (await served.invoke(name)).json]);
    expect([(await hostsOf('fresh')).size, (await hostsOf('warm')).size]).toEqual([2, 1]);
  });

  it.each([
    ['throws', '() => { throw new RangeError("on purpose"); }', {}, [502, 'FUNCTION_ERROR']],
    ['exits', '() => process.exit(3)', {}, [502, 'FUNCTION_EXITED']],
    ['hangs', '() => new Promise(() => {})', { timeoutSeconds: 1 }, [504, 'FUNCTION_TIMEOUT']],
    ['spins', '() => { for (;;); }', { timeoutSeconds: 1 }, [504, 'FUNCTION_TIMEOUT']],
    [
      'hoards',
      '() => { const kept = []; for (;;) kept.push(Buffer.alloc(8 << 20, 1)); }',
      {},
      [502, 'FUNCTION_OUT_OF_MEMORY'],
    ],
  ])('answers as every other one when it %s', async (name, handler, settings, expected) => {
    await served.deploy(name, handlerZip(handler), { ...gvisor, ...settings });
    const { status, code } = await served.invoke(name);
    expect([status, code]).toEqual(expected);
  });

  it('starts as many programs as every other one', async () => {
    const handler = `async () => {
      const { spawn } = require('node:child_process');
      const ends = Array.from({ length: 6 }, () => new Promise((resolve) =>
        spawn(process.execPath, ['-e', '0']).on('exit', resolve).on('error', resolve)));
      return Promise.all(ends);
    }`;
    await served.deploy('starts', handlerZip(handler), { ...gvisor, memoryMiB: 512 });
    expect((await served.invoke('starts')).json).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('reaches what it may, and nothing else', async () => {
    await served.deploy('reaches', handlerZip(`() => ${latch.opened}.then(String)`), {
      ...gvisor,
      egress: latch.egress,
    });
    await served.deploy('locked-in', handlerZip(`() => ${latch.opened}.then(String)`), gvisor);
    const reaching = served.invoke('reaches');
    await latch.holds(1);
    latch.open();
    expect((await reaching).json).toBe('go on');
    expect((await served.invoke('locked-in')).status).toBe(502);
  });

  it('leaves no container when it is deleted', async () => {
    const isGone = async (name: string) =>
      (await served.records()).every((record) => !record.includes(`/functions/${name}/`));
    await served.deploy('leaves', kernel, { ...gvisor, minContainers: 2 });
    await kernelOf('leaves');
    expect((await served.delete('leaves')).status).toBe(204);
    await eventually('the removal of its containers', () => isGone('leaves'));
  });

  it('does not run on the machine’s kernel when gVisor is gone', async () => {
    await served.deploy('loses', kernel, { ...gvisor, maxContainers: 1 });
    runsc.fail('fail');
    const isRefused = async () => {
      const answer = await served.invoke('loses');
      if (answer.status === 200) expect(answer.json).toMatch(versionOfGvisor);
      return answer.code === 'RUNTIME_UNAVAILABLE';
    };
    await eventually('a call that finds no container', isRefused);
    runsc.fail('none');
    expect(await kernelOf('loses')).toMatch(versionOfGvisor);
  });
});
