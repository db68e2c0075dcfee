import { jest } from '@jest/globals';
import { request } from 'node:http';
import { fixtureZip, handlerZip } from '../support/served/archives.js';
import type { Client } from '../support/served/client.js';
import { eventually } from '../support/served/eventually.js';
import { patientlyMs, Served } from '../support/served/served.js';

jest.setTimeout(patientlyMs);

/** Small limits: two calls of a function run, two wait, and no call waits longer than a second and a half. */
const limits = {
  GLAMBDAR_RUNNING_CALLS: '3',
  GLAMBDAR_RUNNING_CALLS_PER_FUNCTION: '2',
  GLAMBDAR_QUEUED_CALLS: '3',
  GLAMBDAR_QUEUED_CALLS_PER_FUNCTION: '2',
  GLAMBDAR_QUEUE_TIMEOUT_MS: '1500',
  GLAMBDAR_STEM_CONTAINERS: '0',
};

/** Answers after as many milliseconds as the request's body says. */
const slow = handlerZip(
  'async ({ body }) => { await new Promise((resolve) => setTimeout(resolve, Number(body))); return "done"; }',
);

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
    await eventually('no container', async () => (await served.containers()).length === 0, 1500);
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

describe('the queue', () => {
  it('lets what fits wait, refuses the rest at once with 429 and when to try again', async () => {
    await served.deploy('busy', slow);
    const began = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const answer = await served.invoke('busy', '700');
        return { answer, afterMs: performance.now() - began };
      }),
    );
    const refused = answers.filter(({ answer }) => answer.status === 429);
    expect(refused).toHaveLength(4);
    for (const { answer, afterMs } of refused) {
      expect(answer.json).toMatchObject({ code: 'CONCURRENCY_LIMIT' });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(afterMs).toBeLessThan(500);
    }
    expect(answers.filter(({ answer }) => answer.status === 200)).toHaveLength(4);
  });

  it('refuses with 503 where the server as a whole is full, while another function still answers', async () => {
    await served.deploy('greedy', slow);
    await served.deploy('modest', handlerZip('() => "here"'));
    const greedy = [1, 2, 3, 4].map(() => served.invoke('greedy', '700'));
    await admitted(served, 'greedy', 2);
    expect((await served.invoke('modest')).json).toBe('here');
    expect((await Promise.all(greedy)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);

    await served.deploy('other', slow);
    const full = [
      ...[1, 2, 3, 4].map(() => served.invoke('greedy', '700')),
      ...[1, 2].map(() => served.invoke('other', '700')),
    ];
    await admitted(served, 'other', 1);
    const refused = await served.invoke('modest');
    expect([refused.status, refused.json]).toEqual([
      503,
      expect.objectContaining({ code: 'OVERLOADED' }) as object,
    ]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    await Promise.all(full);
  });

  it('lets nobody wait longer than the limit', async () => {
    await served.deploy('long', slow);
    const [first, second] = [served.invoke('long', '4000'), served.invoke('long', '4000')];
    await admitted(served, 'long', 2);
    const began = performance.now();
    const refused = await served.invoke('long', '0');
    expect([refused.status, refused.headers.has('retry-after')]).toEqual([429, true]);
    expect(performance.now() - began).toBeLessThan(2500);
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
  });
});
