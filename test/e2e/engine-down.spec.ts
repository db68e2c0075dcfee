import { jest } from '@jest/globals';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixtureZip, handlerZip } from '../support/zip.js';
import type { Answer } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Latch, reachesLatch } from '../support/latch.js';
import { patientlyMs, Served } from '../support/served.js';
import { patience, ServerProcess } from '../support/server-process.js';
import { stoppableEngine, type StoppableEngine } from '../support/stoppable-engine.js';

jest.setTimeout(patientlyMs);

let directory: string;
let latch: Latch;
let engine: StoppableEngine;
let served: Served;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gl-'));
  engine = stoppableEngine(directory);
  await engine.bringUp();
  latch = await Latch.closed();
  served = await Served.start({ ...reachesLatch, ...engine.environment });
  await served.deploy('before', fixtureZip('hello'));
  const slow = handlerZip(`async () => { await ${latch.opened}; return 'finished'; }`);
  await served.deploy('slow', slow, { egress: latch.egress });
  await served.deploy('warm', fixtureZip('hello'), { isolation: 'warm' });
}, patientlyMs);
afterAll(async () => {
  await served.expectCleanEnd();
  await latch.remove();
  engine.takeDown();
  await rm(directory, { recursive: true });
}, patientlyMs);

/** What readiness says of its checks, by name. */
async function readiness(of = served): Promise<{ status: number; checks: Record<string, string> }> {
  const { status, json } = await of.get('/health/ready');
  const { details } = json as { details: Record<string, { status: string }> };
  const checks = Object.entries(details).map(([name, check]) => [name, check.status] as const);
  return { status, checks: Object.fromEntries(checks) };
}

const allUp = { engine: 'up', image: 'up', store: 'up', disk: 'up', accepting: 'up' };

describe('while the engine is down', () => {
  let inFlight: Promise<Answer>;
  beforeAll(async () => {
    inFlight = served.invoke('slow');
    await latch.holds(1);
    engine.takeDown(served.pid);
    await eventually('readiness to notice', async () => (await readiness()).status === 503);
  }, patientlyMs);

  it('a call that has its container goes on, or is told that the container was lost with the engine', async () => {
    latch.open();
    expect((await inFlight).json).toEqual(
      engine.outlivedByContainers
        ? 'finished'
        : expect.objectContaining({ status: 503, code: 'RUNTIME_UNAVAILABLE' }),
    );
  });

  it('the server lives but is not ready, and says why', async () => {
    expect((await served.get('/health/live')).status).toBe(200);
    expect(await readiness()).toEqual({ status: 503, checks: { ...allUp, engine: 'down', image: 'down' } });
  });

  it('a call that needs a container is answered with 503 at once', async () => {
    // Those that stood ready or were just being started may still answer: they need no engine any more.
    let began = 0;
    const answer = await eventually('a call for which there is no container', async () => {
      began = performance.now();
      const called = await served.invoke('before');
      return called.status !== 200 && called;
    });
    // Not after a limit: the shortest that it could wait for is that for a container to start.
    expect(performance.now() - began).toBeLessThan(Number(patience['GLAMBDAR_START_TIMEOUT_MS']) / 2);
    expect([answer.status, answer.json]).toEqual([
      503,
      expect.objectContaining({ code: 'RUNTIME_UNAVAILABLE', invocationId: answer.invocationId }) as object,
    ]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(answer.text).not.toMatch(/docker|launcher|ECONN|ENOENT|sock/i);
  });

  it('a strict deployment is refused, since nobody can tell whether it loads, and nothing stays', async () => {
    const form = new FormData();
    form.set('strict', 'true');
    form.set('file', new File([new Uint8Array(fixtureZip('hello'))], 'strict.zip'));
    const refused = await served.send('POST', '/deploy', { body: form });
    expect([refused.status, refused.json]).toEqual([
      503,
      expect.objectContaining({ code: 'RUNTIME_UNAVAILABLE' }) as object,
    ]);
    expect((await served.get('/info/strict')).status).toBe(404);
  });

  it('deploy, info and delete work', async () => {
    const deployed = await served.upload('during.zip', handlerZip('() => "deployed without an engine"'));
    expect(deployed.status).toBe(201);
    expect(deployed.json).toMatchObject({
      warnings: [expect.stringMatching(/^Whether the code loads could not be checked\. /) as string],
    });
    expect(await served.info('during')).toMatchObject({ state: 'active' });
    await served.deploy('brief', fixtureZip('hello'));
    expect((await served.delete('brief')).status).toBe(204);
    expect((await served.get('/info/during')).status).toBe(200);
    expect((await served.get('/info/brief')).status).toBe(404);
  });
});

describe('when the engine is back', () => {
  it('the server recovers by itself, and calls what was deployed before and meanwhile', async () => {
    await engine.bringUp();
    await eventually('readiness', async () => (await readiness()).status === 200);
    expect(await readiness()).toEqual({ status: 200, checks: allUp });
    await eventually('a call to answer', async () => (await served.invoke('during')).status === 200);
    for (const name of ['before', 'warm', 'during']) expect((await served.invoke(name)).status).toBe(200);
  });
});

describe('a server that starts while the engine is down', () => {
  it('serves, says that it is not ready, and recovers', async () => {
    const place = join(directory, 'late');
    await mkdir(place);
    const late = stoppableEngine(place);
    // `npm start` looks for an engine first; a supervisor starts what it has set up.
    const server = ServerProcess.spawn({
      GLAMBDAR_DIR: join(directory, 'state'),
      ...late.environment,
    });
    const client = await Served.around(join(directory, 'state'), server);
    expect((await client.get('/health/live')).status).toBe(200);
    expect((await readiness(client)).checks).toMatchObject({ engine: 'down', store: 'up' });
    await late.bringUp();
    await eventually('engine up', async () => (await readiness(client)).checks['engine'] === 'up');
    expect((await server.stop()).exitCode).toBe(0);
    late.takeDown();
  });
});
