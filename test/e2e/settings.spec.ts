import { jest } from '@jest/globals';
import { fixtureZip, handlerZip } from '../support/zip.js';
import type { Answer } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { readInControlGroups } from '../support/gvisor.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

const MiB = 1024 * 1024;

let served: Served;
beforeAll(async () => {
  // The default of functions is read here, and so is not the one for busy machines.
  served = await Served.start({ GLAMBDAR_CALL_TIMEOUT_SECONDS: '30' });
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

function configure(name: string, patch: object): Promise<Answer> {
  const headers = { 'content-type': 'application/merge-patch+json' };
  return served.send('PATCH', `/settings/${name}`, { headers, body: JSON.stringify(patch) });
}

const own = {
  handler: 'main.run',
  environment: { GREETING: 'Grüße' },
  memoryMiB: 256,
  cpuMillis: 500,
  tmpMiB: 8,
};

describe('settings given with the deployment', () => {
  it('are what the function runs with', async () => {
    await served.deploy('given', fixtureZip('settings'), own);
    const answer = await served.invoke('given');
    expect([answer.status, answer.origin]).toEqual([200, 'fresh-pool']);
    const { heapMiB, ...seen } = answer.json as { heapMiB: number };
    expect(seen).toEqual({
      greetingAtLoad: 'Grüße',
      memoryLimitInMB: '256',
      memoryBytes: readInControlGroups(256 * MiB),
      cpuQuotaUs: readInControlGroups(50_000),
      tmpMiB: 8,
    });
    // Three quarters of the memory, and V8's own share of young objects.
    expect(heapMiB).toBeGreaterThanOrEqual(192);
  });

  it('are shown, every one', async () => {
    const { json } = await served.get('/settings/given');
    expect(json).toMatchObject({ ...own, timeoutSeconds: 30, isolation: 'fresh', maxConcurrency: 16 });
  });

  it('that break a rule deploy nothing', async () => {
    const refused = await served.upload('refused.zip', fixtureZip('settings'), { memoryMiB: 1 });
    expect([refused.status, refused.json]).toEqual([
      400,
      expect.objectContaining({ code: 'INVALID_SETTINGS', field: 'memoryMiB' }),
    ]);
    expect((await served.get('/settings/refused')).status).toBe(404);
  });
});

describe('a change of settings', () => {
  it.each(['fresh', 'warm'])(
    'fails no call of a %s function, and the next one meets it',
    async (isolation) => {
      const name = `changing-${isolation}`;
      const tell = handlerZip('() => process.env.ROUND');
      await served.deploy(name, tell, { isolation, environment: { ROUND: '0' } });
      const answers: Answer[] = [];
      let changing = true;
      const call = async () => {
        while (changing) answers.push(await served.invoke(name));
      };
      const calling = [call(), call()];
      for (const round of ['1', '2']) {
        const before = answers.length;
        await eventually('calls between the changes', () => answers.length > before + 1);
        expect((await configure(name, { environment: { ROUND: round } })).status).toBe(200);
        expect((await served.invoke(name)).json).toBe(round);
      }
      changing = false;
      await Promise.all(calling);
      expect(answers.filter(({ status }) => status !== 200).map(({ text }) => text)).toEqual([]);
      expect(['0', '1', '2']).toEqual(expect.arrayContaining(answers.map(({ json }) => json)));
    },
  );

  it('of the resources makes containers that have them', async () => {
    await configure('given', { memoryMiB: null, cpuMillis: null, tmpMiB: 16 });
    expect((await served.invoke('given')).json).toMatchObject({
      memoryBytes: readInControlGroups(128 * MiB),
      cpuQuotaUs: readInControlGroups(100_000),
      tmpMiB: 16,
    });
  });

  it('of the handler must load: one that does not is refused, and the old one goes on', async () => {
    const refused = await configure('given', { handler: 'main.missing' });
    expect([refused.status, refused.json]).toEqual([
      422,
      expect.objectContaining({
        code: 'CANDIDATE_NOT_LOADABLE',
        errorMessage: expect.stringContaining('main.js does not export a function named missing.') as string,
      }),
    ]);
    expect((await served.get('/settings/given')).json).toMatchObject({ handler: 'main.run' });
    expect((await served.invoke('given')).json).toMatchObject({ greetingAtLoad: 'Grüße' });
  });

  it('chooses another handler and the format of its answers', async () => {
    await configure('given', { handler: 'main.text' });
    expect((await served.invoke('given')).text).toBe('"plain"');
    await configure('given', { responseFormat: 'lambda' });
    const answer = await served.invoke('given');
    expect([answer.type, answer.text]).toEqual(['application/json', 'plain']);
  });

  it('of the time limit holds from the next call on', async () => {
    await configure('given', { handler: 'main.run', responseFormat: null, timeoutSeconds: 1 });
    const late = await served.invoke('given', '{"waitMs":600000}');
    expect([late.status, late.json]).toEqual([504, expect.objectContaining({ code: 'FUNCTION_TIMEOUT' })]);
    await configure('given', { timeoutSeconds: 300 });
    expect((await served.invoke('given', '{"waitMs":1}')).status).toBe(200);
  });

  it('of the number of calls at once holds from the next call on, 0 included', async () => {
    await configure('given', { maxConcurrency: 0 });
    const refused = await served.invoke('given');
    expect([refused.status, refused.json]).toEqual([
      429,
      expect.objectContaining({ code: 'CONCURRENCY_LIMIT' }),
    ]);
    await configure('given', { maxConcurrency: null });
    expect((await served.invoke('given')).status).toBe(200);
  });
});
