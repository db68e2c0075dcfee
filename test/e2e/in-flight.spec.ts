import { jest } from '@jest/globals';
import { request } from 'node:http';
import { fixtureZip, handlerZip } from '../support/served/archives.js';
import type { Answer, Client } from '../support/served/client.js';
import { eventually } from '../support/served/eventually.js';
import { patientlyMs, Served } from '../support/served/served.js';

jest.setTimeout(patientlyMs);

/** Small limits: two calls of a function run, two wait, and no call waits longer than six seconds. */
const limits = {
  GLAMBDAR_RUNNING_CALLS: '3',
  GLAMBDAR_RUNNING_CALLS_PER_FUNCTION: '2',
  GLAMBDAR_QUEUED_CALLS: '3',
  GLAMBDAR_QUEUED_CALLS_PER_FUNCTION: '2',
  GLAMBDAR_QUEUE_TIMEOUT_MS: '6000',
  GLAMBDAR_STEM_CONTAINERS: '0',
};

/** Answers after as many milliseconds as the request's body says. */
const slow = handlerZip(
  'async ({ body }) => { await new Promise((resolve) => setTimeout(resolve, Number(body))); return "done"; }',
);

/** Far below the deadline of a call, which would end it as well. */
const withinMomentsMs = 10_000;

let served: Served;
beforeAll(async () => {
  served = await Served.start(limits);
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

/** Resolves when so many calls of the function have been admitted since its deploy. */
function admitted(client: Client, name: string, calls: number): Promise<unknown> {
  return eventually(`${calls} calls of ${name}`, async () => (await client.info(name)).invokeCount >= calls);
}

describe('a client that leaves', () => {
  it('cancels its call, and the container is gone within moments', async () => {
    await served.deploy('left', fixtureZip('never-settles'));
    const client = new AbortController();
    const call = fetch(`${served.url}/invoke/left`, { method: 'POST', signal: client.signal });
    const rejected = expect(call).rejects.toThrow();
    await admitted(served, 'left', 1);
    // Nothing is kept ready for a deleted function: what is left runs the call.
    await served.delete('left');
    await eventually('one container', async () => (await served.containers()).length === 1);
    client.abort();
    await rejected;
    await eventually('no container', async () => (await served.containers()).length === 0, withinMomentsMs);
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
    const gone = new Promise((resolve) => upload.once('error', resolve).once('close', resolve));
    upload.write('half');
    await eventually('the half to be sent', () => upload.socket?.writableLength === 0);
    upload.destroy();
    await gone;
    expect((await served.info('half')).invokeCount).toBe(0);
    expect((await served.invoke('half')).status).toBe(200);
  });
});

describe('a function that is deleted', () => {
  it('lets its calls in flight finish and refuses new ones', async () => {
    await served.deploy('leaving', slow);
    const inFlight = served.invoke('leaving', '1000');
    await admitted(served, 'leaving', 1);
    expect((await served.delete('leaving')).status).toBe(204);
    expect((await served.invoke('leaving', '0')).status).toBe(404);
    const answer = await inFlight;
    expect([answer.status, answer.json]).toEqual([200, 'done']);
  });

  it('may be deployed anew meanwhile, and each call has the code that it began with', async () => {
    await served.deploy('renewed', slow);
    const inFlight = served.invoke('renewed', '1000');
    await admitted(served, 'renewed', 1);
    await served.delete('renewed');
    await served.deploy('renewed', handlerZip('() => "new"'));
    expect((await served.invoke('renewed')).json).toBe('new');
    expect((await inFlight).json).toBe('done');
  });
});

/** Calls that stay until they are let go. */
function hold(name: string, calls: number): () => Promise<unknown> {
  const client = new AbortController();
  const send = () => fetch(`${served.url}/invoke/${name}`, { method: 'POST', signal: client.signal });
  const held = Array.from({ length: calls }, send);
  return () => {
    client.abort();
    return Promise.allSettled(held);
  };
}

describe('the queue', () => {
  const never = fixtureZip('never-settles');

  it('lets what fits wait, refuses the rest at once with 429, and says when to try again', async () => {
    await served.deploy('busy', slow);
    const settled: Answer[] = [];
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        settled.push(await served.invoke('busy', '1000'));
      }),
    );
    expect(settled.map(({ status }) => status)).toEqual([429, 429, 429, 429, 200, 200, 200, 200]);
    for (const refused of settled.slice(0, 4)) {
      expect(refused.json).toMatchObject({ code: 'CONCURRENCY_LIMIT' });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
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
    await admitted(served, 'first', 2);
    letGo.push(hold('second', 2));
    await admitted(served, 'second', 1);
    const refused = await eventually('a refusal', async () => {
      const answer = await served.invoke('third');
      return answer.status === 503 && answer;
    });
    expect(refused.json).toMatchObject({ code: 'OVERLOADED' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    await Promise.all(letGo.map((each) => each()));
  });

  it('lets nobody wait longer than the limit', async () => {
    await served.deploy('long', never);
    const letGo = hold('long', 2);
    await admitted(served, 'long', 2);
    const began = performance.now();
    const refused = await served.invoke('long');
    expect([refused.status, refused.headers.has('retry-after')]).toEqual([429, true]);
    expect(performance.now() - began).toBeLessThan(25_000);
    await letGo();
  });
});
