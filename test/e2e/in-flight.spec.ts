import { jest } from '@jest/globals';
import { request } from 'node:http';
import { fixtureZip, handlerZip } from '../support/zip.js';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Latch, reachesLatch } from '../support/latch.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

/** Small limits: two calls of a function run, and two wait. */
const limits = {
  ...reachesLatch,
  GLAMBDAR_RUNNING_CALLS: '3',
  GLAMBDAR_RUNNING_CALLS_PER_FUNCTION: '2',
  GLAMBDAR_QUEUED_CALLS: '3',
  GLAMBDAR_QUEUED_CALLS_PER_FUNCTION: '2',
  GLAMBDAR_PREWARMED_CONTAINERS: '0',
};

let served: Served;
let latch: Latch;
beforeAll(async () => {
  served = await Served.start(limits);
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);
beforeEach(async () => {
  latch = await Latch.closed();
});
afterEach(() => latch.remove());

/** A function whose calls end when the latch opens. */
function deployHeld(name: string): Promise<unknown> {
  const zip = handlerZip(`async () => { await ${latch.opened}; return 'done'; }`);
  return served.deploy(name, zip, { egress: latch.egress });
}

/** Resolves when so many calls of the function have been admitted since its deploy. */
function admitted(client: Client, name: string, calls: number): Promise<unknown> {
  return eventually(`${calls} calls of ${name}`, async () => (await client.info(name)).invokeCount >= calls);
}

describe('a client that leaves', () => {
  it('cancels its call, and the container goes', async () => {
    // Its deadline, which would end it as well, is far away.
    await served.deploy('left', fixtureZip('never-settles'), { timeoutSeconds: 900 });
    const client = new AbortController();
    const call = fetch(`${served.url}/invoke/left`, { method: 'POST', signal: client.signal });
    const rejected = expect(call).rejects.toThrow();
    await admitted(served, 'left', 1);
    // Nothing is kept ready for a deleted function: what is left runs the call.
    await served.delete('left');
    await eventually('one container', async () => (await served.containers()).length === 1);
    client.abort();
    await rejected;
    await eventually('no container', async () => (await served.containers()).length === 0);
    await eventually('the log to tell of it', () =>
      served.log.some((line) => line['function'] === 'left' && line['outcome'] === 'CLIENT_CLOSED'),
    );
  });

  it('in the middle of its upload costs nothing', async () => {
    await served.deploy('half', fixtureZip('hello'));
    const upload = request(`${served.url}/invoke/half`, {
      method: 'POST',
      headers: { 'content-length': '1000' },
    });
    upload.on('error', () => undefined);
    upload.write('half');
    await metricsToHave('glambdar_admission_buffered_bytes 4');
    upload.destroy();
    await metricsToHave('glambdar_admission_buffered_bytes 0');
    await callsToBe({ running: 0, queued: 0 });
    expect((await served.info('half')).invokeCount).toBe(0);
    expect((await served.invoke('half')).status).toBe(200);
  });
});

describe('a function that is deleted', () => {
  it('lets its calls in flight finish and refuses new ones', async () => {
    await deployHeld('leaving');
    const inFlight = served.invoke('leaving');
    await latch.holds(1);
    expect((await served.delete('leaving')).status).toBe(204);
    expect((await served.invoke('leaving')).status).toBe(404);
    latch.open();
    const answer = await inFlight;
    expect([answer.status, answer.json]).toEqual([200, 'done']);
  });

  it('may be deployed anew meanwhile, and each call has the code that it began with', async () => {
    await deployHeld('renewed');
    const inFlight = served.invoke('renewed');
    await latch.holds(1);
    await served.delete('renewed');
    await served.deploy('renewed', handlerZip('() => "new"'));
    expect((await served.invoke('renewed')).json).toBe('new');
    latch.open();
    expect((await inFlight).json).toBe('done');
  });
});

/** Resolves when each of these lines is among the server's metrics. */
function metricsToHave(...lines: readonly string[]): Promise<unknown> {
  return eventually(`the metrics ${lines.join(', ')}`, async () => {
    const { text } = await served.get('/metrics');
    return lines.every((line) => text.includes(`\n${line}\n`));
  });
}

/** Resolves when so many calls of all functions run, and so many wait for a place. */
function callsToBe({ running, queued }: { running: number; queued: number }): Promise<unknown> {
  const counted = (state: string, calls: number) => `glambdar_admission_calls{state="${state}"} ${calls}`;
  return metricsToHave(counted('running', running), counted('queued', queued));
}

/** Calls that stay until they are let go. */
function hold(name: string, calls: number, of = served): () => Promise<unknown> {
  const client = new AbortController();
  const send = () => fetch(`${of.url}/invoke/${name}`, { method: 'POST', signal: client.signal });
  const held = Array.from({ length: calls }, send);
  return () => {
    client.abort();
    return Promise.allSettled(held);
  };
}

describe('the queue', () => {
  const never = fixtureZip('never-settles');

  // A client that has left may still have its place for a moment.
  beforeEach(() => callsToBe({ running: 0, queued: 0 }));

  it('lets what fits wait, refuses the rest at once with 429, and says when to try again', async () => {
    await deployHeld('busy');
    const fitting = Array.from({ length: 4 }, () => served.invoke('busy'));
    await callsToBe({ running: 2, queued: 2 });
    for (let call = 0; call < 4; call += 1) {
      const refused = await served.invoke('busy');
      expect([refused.status, refused.json]).toEqual([
        429,
        expect.objectContaining({ code: 'CONCURRENCY_LIMIT' }),
      ]);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    latch.open();
    expect((await Promise.all(fitting)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('is fair: while one function is called far beyond its limit, another answers', async () => {
    await served.deploy('greedy', never);
    await served.deploy('modest', handlerZip('() => "here"'));
    const letGo = hold('greedy', 4);
    await admitted(served, 'greedy', 2);
    expect((await served.invoke('modest')).json).toBe('here');
    await letGo();
  });

  it('refuses with 503 when the server as a whole is full', async () => {
    await served.deploy('first', never);
    await served.deploy('second', never);
    await served.deploy('third', handlerZip('() => "here"'));
    // Of these six calls three run and three wait.
    const letGo = [hold('first', 4)];
    await callsToBe({ running: 2, queued: 2 });
    letGo.push(hold('second', 2));
    await callsToBe({ running: 3, queued: 3 });
    const refused = await served.invoke('third');
    expect([refused.status, refused.json]).toEqual([503, expect.objectContaining({ code: 'OVERLOADED' })]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    await Promise.all(letGo.map((each) => each()));
  });

  it('lets nobody wait longer than the limit', async () => {
    const impatient = await Served.start({ ...limits, GLAMBDAR_QUEUE_TIMEOUT_MS: '500' });
    await impatient.deploy('long', never);
    const letGo = hold('long', 2, impatient);
    await admitted(impatient, 'long', 2);
    const refused = await impatient.invoke('long');
    expect([refused.status, refused.headers.has('retry-after')]).toEqual([429, true]);
    await letGo();
    await impatient.expectCleanEnd();
  });
});
