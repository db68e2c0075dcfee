import { jest } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixtureZip } from '../support/zip.js';
import { EventReader } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

interface Line {
  readonly sequence: number;
  readonly invocationId: string | null;
  readonly phase: string;
  readonly stream: string;
  readonly level: string;
  readonly text: string;
}

interface Invocation {
  readonly id: string;
  readonly outcome: string;
  readonly memoryPeakBytes: number | null;
  readonly cpuTimeMs: number | null;
}

let served: Served;
beforeAll(async () => {
  served = await Served.start();
  await served.deploy('chatty', fixtureZip('chatty'));
  await served.deploy('warm', fixtureZip('chatty'), { isolation: 'warm', maxContainers: 1 });
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

async function linesOf(name: string, query = ''): Promise<readonly Line[]> {
  return ((await served.get(`/logs/${name}${query}`)).json as { lines: Line[] }).lines;
}

async function invocation(id: string): Promise<Invocation> {
  return (await served.get(`/invocations/${id}`)).json as Invocation;
}

describe('what a function prints', () => {
  it('is there when its call has answered, with its call, its level and what was printed before', async () => {
    const { invocationId } = await served.invoke('chatty');
    expect(await linesOf('chatty', `?invocation=${invocationId}`)).toMatchObject([
      { phase: 'call', level: 'info', text: 'hello' },
      { phase: 'call', level: 'error', text: 'beware' },
    ]);
    expect((await linesOf('chatty'))[0]).toMatchObject({
      phase: 'load',
      invocationId: null,
      text: 'loading',
    });
    expect(await linesOf('chatty', '?level=error&limit=1')).toMatchObject([{ text: 'beware' }]);
  });

  it('is text and nothing else, whatever it pretends', async () => {
    const say = '\u001b[2J\u009b2Jforged\r\n{"level":"error"}\n\ndata: forged\n\u202e';
    const { invocationId } = await served.invoke('warm', JSON.stringify({ say }));
    const { text } = await served.get(`/logs/warm?invocation=${invocationId}`);
    expect(text).not.toMatch(/[\p{Cc}\u2028-\u202e]/u);
    const printed = (JSON.parse(text) as { lines: Line[] }).lines.filter(({ level }) => level === 'info');
    expect(printed.map((line) => line.text)).toEqual([
      '\u001b[2J\u009b2Jforged',
      '{"level":"error"}',
      '',
      'data: forged',
      '\u202e',
    ]);
  });

  it('is few lines where it is very many line feeds, and costs another function nothing of its log', async () => {
    const { invocationId } = await served.invoke('warm', JSON.stringify({ say: '\n'.repeat(65_536) }));
    const quiet = await served.invoke('chatty', '{"say":"quiet"}');
    const printed = await linesOf('warm', `?invocation=${invocationId}&limit=1000`);
    expect(printed.length).toBeLessThanOrEqual(1000);
    expect(printed.filter(({ stream }) => stream === 'runtime')).toMatchObject([
      { level: 'warn', text: expect.stringMatching(/^\d+ lines were not kept: more than 1000/) as string },
    ]);
    expect(await linesOf('chatty', `?invocation=${quiet.invocationId}`)).toMatchObject([
      { text: 'quiet' },
      { text: 'beware' },
    ]);
    expect(await invocation(invocationId)).toMatchObject({ outcome: 'success' });
    expect(await invocation(quiet.invocationId)).toMatchObject({ outcome: 'success' });
  });

  it('is sent as it is printed to who follows it, on after a break, until the function is deleted', async () => {
    await served.deploy('followed', fixtureZip('chatty'), { isolation: 'warm', maxContainers: 1 });
    const first = await EventReader.open(`${served.url}/logs/followed?follow=true&level=info`);
    expect(await first.next()).toMatchObject({ event: 'line', data: { text: 'loading' } });
    await served.invoke('followed', '{"say":"one"}');
    const seen = await first.next();
    expect(seen).toMatchObject({ event: 'line', data: { text: 'one' } });
    await first.close();
    await served.invoke('followed', '{"say":"two"}');
    const second = await EventReader.open(`${served.url}/logs/followed?follow=true&level=info`, seen?.id);
    for (const text of ['beware', 'two', 'beware']) {
      expect(await second.next()).toMatchObject({ data: { text } });
    }
    await served.delete('followed');
    expect(await second.next()).toMatchObject({ event: 'end', data: { reason: 'deleted' } });
    expect(await second.next()).toBeUndefined();
  });
});

describe('the record of a call', () => {
  it('tells how it went, what it took and where its lines are', async () => {
    const { invocationId } = await served.invoke('chatty', '{"say":"recorded"}');
    const record = await eventually('the measured call', async () => {
      const found = await invocation(invocationId);
      return found.cpuTimeMs !== null && found;
    });
    expect(record).toMatchObject({
      id: invocationId,
      function: 'chatty',
      version: 1,
      outcome: 'success',
      statusCode: 201,
      failure: null,
      requestBytes: 18,
      responseBytes: 19,
      logs: `/logs/chatty?invocation=${invocationId}`,
    });
    expect(record.memoryPeakBytes).toBeGreaterThan(10 * 1024 * 1024);
    expect(record.cpuTimeMs).toBeGreaterThan(0);
    // Of this call alone, and in milliseconds.
    expect(record.cpuTimeMs).toBeLessThan(60_000);
  });

  it('tells who failed and why, with the stack that the caller does not get', async () => {
    const answer = await served.invoke('warm', '{"fail":"on purpose"}');
    expect(await invocation(answer.invocationId)).toMatchObject({
      outcome: 'function',
      statusCode: null,
      failure: {
        fault: 'function',
        code: 'FUNCTION_ERROR',
        errorType: 'RangeError',
        errorMessage: 'on purpose',
        stack: expect.stringContaining('/glambdar/code/index.js') as string,
      },
    });
    const failed = (await served.get('/invocations?function=warm&outcome=function&limit=1')).json;
    expect(failed).toMatchObject({ invocations: [{ id: answer.invocationId }] });
  });
});

describe('the records', () => {
  it('outlive a crash, but those of a deleted function do not outlive it', async () => {
    await served.deploy('deleted', fixtureZip('chatty'), { isolation: 'warm', maxContainers: 1 });
    const deleted = await served.invoke('deleted');
    const kept = await served.invoke('warm', '{"say":"kept"}');
    expect(await invocation(deleted.invocationId)).toMatchObject({ outcome: 'success' });
    await served.delete('deleted');
    await eventually('the end of its record', async () => {
      return (await served.get(`/invocations/${deleted.invocationId}`)).status === 404;
    });
    await served.deploy('deleted', fixtureZip('chatty'), { isolation: 'warm', maxContainers: 1 });
    expect(await linesOf('deleted', `?invocation=${deleted.invocationId}`)).toEqual([]);
    // What waits to be written is written within a tenth of a second, or now by whoever reads.
    await linesOf('warm');
    await invocation(kept.invocationId);
    await served.crash();
    served = await Served.start({}, served.directory);
    expect(await invocation(kept.invocationId)).toMatchObject({ outcome: 'success' });
    expect(await linesOf('warm', `?invocation=${kept.invocationId}`)).toMatchObject([
      { text: 'kept' },
      { text: 'beware' },
    ]);
  });

  it('give way to a damaged file: the server starts, and says where it put it', async () => {
    await served.stop();
    await writeFile(join(served.directory, 'records.sqlite'), 'damage'.repeat(1000));
    served = await Served.start({}, served.directory);
    expect((await served.invoke('warm')).status).toBe(201);
    expect(await linesOf('warm')).not.toEqual([]);
    const line = await served.logged(
      'the database of records could not be used and was set aside; a new one was created',
    );
    expect(line['file']).toBe(join(served.directory, 'records.sqlite.unusable'));
  });
});
