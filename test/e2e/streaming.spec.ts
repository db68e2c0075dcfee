import { jest } from '@jest/globals';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { handlerZip } from '../support/zip.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

const megabyte = 1024 * 1024;
const warm = { isolation: 'warm', maxContainers: 1 };

/** Gives as many megabytes as its query says, each in new memory. */
const download = handlerZip(`async ({ rawQueryString }) => ({
  headers: { 'content-type': 'application/x-large' },
  body: (async function* () {
    for (let sent = 0; sent < Number(rawQueryString); sent += 1) yield Buffer.alloc(${megabyte}, 'x');
  })(),
})`);

let served: Served;
beforeAll(async () => {
  served = await Served.start({ GLAMBDAR_MAX_STREAM_BYTES: String(100 * megabyte) });
  await served.deploy('download', download, warm);
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

/** The head of an answer, its body still to be read. */
async function begun(path: string, of = served): Promise<IncomingMessage> {
  const [answer] = (await once(get(of.url + path, { agent: false }), 'response')) as [IncomingMessage];
  return answer;
}

async function readAll(answer: IncomingMessage): Promise<number> {
  let bytes = 0;
  for await (const chunk of answer) bytes += (chunk as Buffer).length;
  return bytes;
}

describe('a streamed body', () => {
  it('is sent as it is made: what comes first can be read before the handler’s stream ends', async () => {
    const events = `async () => ({
      headers: { 'content-type': 'text/event-stream' },
      body: (async function* () { yield 'data: first\\n\\n'; await new Promise(() => setInterval(() => 1, 1000)); })(),
    })`;
    await served.deploy('events', handlerZip(events));
    const answer = await begun('/invoke/events');
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/event-stream']);
    expect(answer.headers['content-length']).toBeUndefined();
    expect(answer.headers['server-timing']).toMatch(/handler;dur=/);
    const [first] = (await once(answer, 'data')) as [Buffer];
    expect(first.toString()).toBe('data: first\n\n');
    answer.destroy();
    const id = String(answer.headers['x-glambdar-invocation-id']);
    expect(await served.logged('invocation', id)).toMatchObject({
      outcome: 'CLIENT_CLOSED',
      brokenOff: true,
    });
  });

  it('of a hundred megabytes takes hardly any memory of the server, nor of a container that has 128', async () => {
    // The first time the heap grows to the size that passing chunks on takes; it must not go on growing.
    await readAll(await begun('/invoke/download?100'));
    const before = await served.residentBytes();
    let peak = before;
    let bytes = 0;
    for await (const chunk of await begun('/invoke/download?100')) {
      bytes += (chunk as Buffer).length;
      if (bytes % (10 * megabyte) < (chunk as Buffer).length)
        peak = Math.max(peak, await served.residentBytes());
    }
    expect(bytes).toBe(100 * megabyte);
    expect(peak - before).toBeLessThan(40 * megabyte);
  });

  it('leaves a warm container that serves the next call', async () => {
    expect((await served.send('GET', '/invoke/download?3')).body).toHaveLength(3 * megabyte);
    const second = await served.send('GET', '/invoke/download?3');
    expect([second.origin, second.body.length]).toEqual(['warm', 3 * megabyte]);
    expect(await served.logged('invocation', second.invocationId)).toMatchObject({
      outcome: 200,
      responseBytes: 3 * megabyte,
    });
  });

  it('waits for its client, and the function with it, until the client has read nothing for too long', async () => {
    const strict = await Served.start({ GLAMBDAR_SEND_TIMEOUT_MS: '2000' });
    await strict.deploy('download', download, warm);
    const answer = await begun('/invoke/download?100', strict);
    const id = String(answer.headers['x-glambdar-invocation-id']);
    const line = await strict.logged('invocation', id);
    expect(line).toMatchObject({ outcome: 'CLIENT_CLOSED', brokenOff: true });
    // Sockets on the way hold some megabytes; a function that did not wait would have made a hundred.
    expect(line['responseBytes']).toBeLessThan(20 * megabyte);
    expect(line['streamMs']).toBeGreaterThan(1900);
    answer.destroy();
    await strict.expectCleanEnd();
  });

  it.each([
    ['throws', 'yield "half"; throw new Error("half way");', 'FUNCTION_ERROR'],
    ['ends its process', 'yield "half"; process.exit(1);', 'FUNCTION_EXITED'],
    ['gives no bytes', 'yield "half"; yield 1;', 'FUNCTION_ERROR'],
    [
      'takes too long',
      'yield "half"; await new Promise(() => setInterval(() => 1, 1000));',
      'FUNCTION_TIMEOUT',
    ],
  ])('can only be broken off when it %s, and the log says why', async (_, lines, outcome) => {
    const name = `breaks-${lines.length}`;
    const handler = `async () => ({ body: (async function* () { ${lines} })() })`;
    await served.deploy(
      name,
      handlerZip(handler),
      outcome === 'FUNCTION_TIMEOUT' ? { timeoutSeconds: 5 } : {},
    );
    const answer = await begun(`/invoke/${name}`);
    expect(answer.statusCode).toBe(200);
    await expect(readAll(answer)).rejects.toThrow('aborted');
    const id = String(answer.headers['x-glambdar-invocation-id']);
    expect(await served.logged('invocation', id)).toMatchObject({ outcome, brokenOff: true });
  });

  it('is broken off when it is longer than a streamed body may be', async () => {
    const answer = await begun('/invoke/download?101');
    await expect(readAll(answer)).rejects.toThrow('aborted');
    const id = String(answer.headers['x-glambdar-invocation-id']);
    const brokenOff = { outcome: 'FUNCTION_RESPONSE_TOO_LARGE', brokenOff: true };
    expect(await served.logged('invocation', id)).toMatchObject(brokenOff);
  });
});
