import { jest } from '@jest/globals';
import { fixtureZip, handlerZip } from '../support/zip.js';
import type { Answer } from '../support/client.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

/** More than the default, which must then not hold anywhere on the way. */
const maxResultBytes = 7 * 1024 * 1024;

let served: Served;
beforeAll(async () => {
  served = await Served.start({ GLAMBDAR_MAX_RESULT_BYTES: String(maxResultBytes) });
  // Warm, so that what needs no container of its own costs none.
  const warm = { isolation: 'warm', maxContainers: 1 };
  await served.deploy('returns', fixtureZip('returns'), warm);
  await served.deploy('throws-oddly', fixtureZip('throws-oddly'), warm);
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

function expectFault(answer: Answer, status: number, code: string, more: object = {}): void {
  expect([answer.status, answer.json]).toEqual([status, expect.objectContaining({ code }) as object]);
  expect(answer.json).toMatchObject({ status, code, invocationId: answer.invocationId, ...more });
  expect(answer.type).toMatch(/^application\/problem\+json/);
}

/** Deploys a fixture function under its own name and calls it. */
async function deployed(fixture: string): Promise<{ warnings: string[] }> {
  const answer = await served.deploy(fixture, fixtureZip(fixture));
  return { warnings: (answer.json as { warnings?: string[] }).warnings ?? [] };
}

describe('code that does not load is deployed with a warning, and its calls fail:', () => {
  it.each([
    ['no-entry-file', /index\.js/],
    ['no-handler', /handler/],
    ['syntax-error', /Unexpected end of input/],
    ['load-throws', /broken at the top level/],
    ['load-crashes', /broken while loading/],
  ])('%s', async (fixture, reason) => {
    const { warnings } = await deployed(fixture);
    expect(warnings).toEqual([expect.stringMatching(reason) as string]);
    expectFault(await served.invoke(fixture), 502, 'FUNCTION_LOAD_ERROR', {
      detail: expect.stringMatching(reason) as string,
    });
  });

  it('never-loads, at the deadline for loading', async () => {
    const strict = await Served.start({ GLAMBDAR_LOAD_TIMEOUT_MS: '1000' });
    const { json } = await strict.deploy('never-loads', fixtureZip('never-loads'));
    expect(json).toMatchObject({ warnings: [expect.stringContaining('1000 ms') as string] });
    expectFault(await strict.invoke('never-loads'), 504, 'FUNCTION_INIT_TIMEOUT');
    await strict.expectCleanEnd();
  });
});

describe("a handler that fails is the function's fault:", () => {
  it('it throws', async () => {
    await deployed('throws');
    const answer = await served.invoke('throws');
    expectFault(answer, 502, 'FUNCTION_ERROR', { errorType: 'TypeError', errorMessage: 'on purpose' });
    expect(answer.text).not.toContain('index.js');
  });

  it('its stack is in the log, with the paths that it has inside the container', async () => {
    await served.deploy('stack', fixtureZip('throws'));
    const { invocationId } = await served.invoke('stack');
    const line = await served.logged('invocation', invocationId);
    expect(line).toMatchObject({ function: 'stack', outcome: 'FUNCTION_ERROR' });
    expect(JSON.stringify(line)).toContain('/glambdar/code/index.js');
  });

  it.each(['null', 'string', 'frozen', 'proxy', 'getters', 'long', 'symbol'])(
    'it throws something odd: %s',
    async (oddity) => {
      expectFault(await served.invoke('throws-oddly', oddity), 502, 'FUNCTION_ERROR');
    },
  );

  it.each([
    ['uncaught', 'RangeError', 'nobody catches this'],
    ['unhandled-rejection', 'Error', 'nobody awaits this'],
  ])('%s', async (fixture, errorType, errorMessage) => {
    await deployed(fixture);
    expectFault(await served.invoke(fixture), 502, 'FUNCTION_ERROR', { errorType, errorMessage });
  });

  it('it ends its process, and its last words reach the caller', async () => {
    await deployed('exits');
    expectFault(await served.invoke('exits'), 502, 'FUNCTION_EXITED', {
      output: expect.stringContaining('last words') as string,
    });
  });

  it.each([
    ['heap', '() => { const kept = []; for (;;) kept.push(new Array(500_000).fill(kept.length)); }'],
    ['buffers', '() => { const kept = []; for (;;) kept.push(Buffer.alloc(8 << 20, 1)); }'],
  ])('it uses more memory than it may: %s', async (name, handler) => {
    await served.deploy(name, handlerZip(handler));
    expectFault(await served.invoke(name), 502, 'FUNCTION_OUT_OF_MEMORY');
  });

  it.each([
    ['(() => { const a = {}; a.a = a; return a; })()', /JSON/],
    ['10n', /JSON/],
    ['() => 1', /JSON/],
    ['{ statusCode: 99 }', /200 to 599/],
    ['{ statusCode: "200 OK" }', /200 to 599/],
    ['{ headers: { "a b": "c" } }', /header/],
    ['{ headers: { a: "b\\r\\nc: d" } }', /header/],
  ])('it returns what cannot be sent: %s', async (returned, reason) => {
    expectFault(await served.invoke('returns', returned), 502, 'FUNCTION_INVALID_RESPONSE', {
      detail: expect.stringMatching(reason) as string,
    });
  });

  it('it returns more than may be sent, by one byte', async () => {
    const bytes = (count: number) => `{ headers: { 'content-type': 'a/b' }, body: 'x'.repeat(${count}) }`;
    const largest = await served.invoke('returns', bytes(maxResultBytes));
    expect([largest.status, largest.body.length]).toEqual([200, maxResultBytes]);
    const larger = await served.invoke('returns', bytes(maxResultBytes + 1));
    expectFault(larger, 502, 'FUNCTION_RESPONSE_TOO_LARGE');
  });

  it('it takes longer than it may', async () => {
    await served.deploy('never-settles', fixtureZip('never-settles'), { timeoutSeconds: 1 });
    expectFault(await served.invoke('never-settles'), 504, 'FUNCTION_TIMEOUT');
  });

  it('it blocks its process: only the host can end it, and does', async () => {
    await served.deploy('blocks', handlerZip('() => { for (;;); }'), { timeoutSeconds: 1 });
    expectFault(await served.invoke('blocks'), 504, 'FUNCTION_TIMEOUT');
  });

  it('a crash after its answer takes nothing back', async () => {
    await deployed('crash-after-result');
    const answer = await served.invoke('crash-after-result');
    expect([answer.status, answer.json]).toEqual([200, 'answered']);
  });
});

describe('what a function prints', () => {
  it('is in the structured log, tied to its call', async () => {
    await deployed('printing');
    const { invocationId } = await served.invoke('printing');
    const line = await served.logged('function output', invocationId);
    expect(line['text']).toBe('one\ntwo\nthree\nfour\n');
  });

  it('cannot forge lines of the log', async () => {
    const forged = JSON.stringify({ msg: 'invocation', invocationId: 'forged' });
    await served.deploy('forges', handlerZip(`() => console.log('\\n' + ${JSON.stringify(forged)} + '\\n')`));
    const { invocationId } = await served.invoke('forges');
    expect((await served.logged('function output', invocationId))['text']).toContain(forged);
    expect(served.log.filter((line) => line['invocationId'] === 'forged')).toEqual([]);
  });

  it('is bounded: its middle is dropped and counted, and the end is what a crash shows', async () => {
    await deployed('print-flood');
    const answer = await served.invoke('print-flood');
    expectFault(answer, 502, 'FUNCTION_EXITED', { output: expect.stringMatching(/x{1023}/) as string });
    const line = await served.logged('function output', answer.invocationId);
    const textBytes = Buffer.byteLength(line['text'] as string);
    expect(textBytes).toBeLessThanOrEqual(65_536 + 200);
    expect(textBytes + (line['droppedBytes'] as number)).toBeGreaterThanOrEqual(2000 * 1024);
  });
});
