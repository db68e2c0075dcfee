import { jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

const run = promisify(execFile);
const project = fileURLToPath(new URL('../../', import.meta.url));
const settings = { responseFormat: 'lambda', isolation: 'warm', maxContainers: 1 };

let served: Served;
let directory: string;
beforeAll(async () => {
  served = await Served.start();
  directory = await mkdtemp(join(tmpdir(), 'gl-'));
}, patientlyMs);
afterAll(async () => {
  await rm(directory, { recursive: true });
  await served.expectCleanEnd();
}, patientlyMs);

/** The one who uploads an example, with the packages that it needs, as its README lines say. */
async function deployExample(example: string, name = example, more: object = {}): Promise<void> {
  const zip = join(directory, `${name}.zip`);
  await run(process.execPath, ['scripts/zip.mjs', `examples/${example}`, zip], { cwd: project });
  const { json } = await served.deploy(name, await readFile(zip), { ...settings, ...more });
  expect(json).not.toHaveProperty('warnings');
}

describe.each(['express', 'hono'])('an unchanged %s application', (name) => {
  beforeAll(() => deployExample(name), patientlyMs);

  it('routes by path and reads the query', async () => {
    const answer = await served.send('GET', `/invoke/${name}/?name=gr%C3%BC%C3%9Fe`);
    expect([answer.status, answer.json]).toEqual([200, { framework: name, greeting: 'Hello grüße!' }]);
  });

  it('reads a body and a parameter, and answers with a status and cookies of its own', async () => {
    const body = JSON.stringify({ text: 'hi' });
    const headers = { 'content-type': 'application/json' };
    const answer = await served.send('POST', `/invoke/${name}/notes/7`, { body, headers });
    expect([answer.status, answer.json]).toEqual([201, { id: '7', note: { text: 'hi' } }]);
    expect(answer.headers.getSetCookie()).toEqual(['last=7; Path=/', 'kind=note; Path=/']);
  });

  it('sends bytes', async () => {
    const answer = await served.send('GET', `/invoke/${name}/pixel.gif`);
    expect(answer.type).toMatch(/^image\/gif/);
    expect(answer.body.toString('latin1', 0, 6)).toBe('GIF89a');
    expect(answer.body).toHaveLength(23);
  });

  it('answers what it has no route for, with its own words', async () => {
    const answer = await served.send('DELETE', `/invoke/${name}/nothing`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('server-timing')).toMatch(/handler/);
  });

  it('answers HEAD without a body', async () => {
    const answer = await served.send('HEAD', `/invoke/${name}/`);
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
  });
});

it('a Hono application streams through its streaming adapter', async () => {
  await deployExample('hono', 'streamed', { handler: 'index.streamed' });
  const answer = await served.send('GET', '/invoke/streamed/count');
  expect([answer.status, answer.type]).toEqual([200, 'text/event-stream']);
  expect(answer.text).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n');
  const { streamMs } = await served.logged('invocation', answer.invocationId);
  expect(streamMs).toBeGreaterThan(0);
});
