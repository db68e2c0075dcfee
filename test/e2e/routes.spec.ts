import { jest } from '@jest/globals';
import { exchangeRaw } from '../support/raw-connection.js';
import { fixtureZip, handlerZip, zipOf } from '../support/zip.js';
import type { Answer } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

const hello = fixtureZip('hello');
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let served: Served;
beforeAll(async () => {
  served = await Served.start({
    GLAMBDAR_ARCHIVE_MAX_MIB: '1',
    GLAMBDAR_REQUEST_BYTES: '100000',
  });
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

/** An error has every field of RFC 9457 and ours, and says nothing of the host. */
function expectProblem(answer: Answer, status: number, code: string, more: object = {}): void {
  expect(answer.status).toBe(status);
  expect(answer.type).toMatch(/^application\/problem\+json/);
  const problem = answer.json as Record<string, unknown>;
  expect(problem).toMatchObject({ status, code, error: problem['detail'], ...more });
  expect(problem['type']).toBe(`urn:glambdar:error:${code.toLowerCase().replaceAll('_', '-')}`);
  expect(problem['title']).toMatch(/\S/);
  expect(problem['detail']).toMatch(/\.$/);
  expect(answer.text).not.toMatch(/node_modules|\.js:\d+|docker|container id/i);
  expect(answer.text).not.toContain(served.directory);
}

describe('POST /deploy', () => {
  it("takes the function's name from the file's, and answers 201", async () => {
    const answer = await served.upload('made-by_Me1.zip', hello);
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ function: 'made-by_Me1', status: 'deployed' });
    expect(answer.json).not.toHaveProperty('warnings');
  });

  it('refuses a name that is taken with 409 and changes nothing', async () => {
    await served.deploy('taken', handlerZip('() => "first"'));
    const before = await served.info('taken');
    expectProblem(await served.upload('taken.zip', hello), 409, 'FUNCTION_EXISTS');
    expect(await served.info('taken')).toEqual(before);
    expect((await served.invoke('taken')).json).toBe('first');
  });

  it('gives the name to exactly one of two deployments at once', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((body) => served.upload('raced.zip', handlerZip(`() => ${body}`))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const winner = answers.findIndex(({ status }) => status === 201) + 1;
    expect((await served.invoke('raced')).json).toBe(winner);
  });

  it.each(['-dash.zip', 'dot.dot.zip', '../up.zip', 'sp ace.zip', '.zip', 'ü.zip', `${'a'.repeat(65)}.zip`])(
    'refuses the file name %j with 400',
    async (fileName) => {
      expectProblem(await served.upload(fileName, hello), 400, 'INVALID_NAME');
    },
  );

  it('refuses what is no zip with 400', async () => {
    expectProblem(await served.upload('notzip.zip', Buffer.from('PK no zip')), 400, 'INVALID_ARCHIVE');
  });

  it('refuses an archive that would write outside its directory with 400', async () => {
    const slip = zipOf({ '../outside.js': 'x', 'index.js': 'x' });
    expectProblem(await served.upload('slip.zip', slip), 400, 'INVALID_ARCHIVE');
  });

  it('refuses an archive that is too large with 413', async () => {
    const large = Buffer.alloc(1024 * 1024 + 1);
    expectProblem(await served.upload('large.zip', large), 413, 'ARCHIVE_TOO_LARGE');
  });

  it('refuses a form without the file with 400', async () => {
    const body = new FormData();
    body.set('settings', '{}');
    expectProblem(await served.send('POST', '/deploy', { body }), 400, 'MISSING_FILE', { field: 'file' });
  });

  it('refuses a body that is no form with 415', async () => {
    const headers = { 'content-type': 'application/zip' };
    const body = new Uint8Array(hello);
    expectProblem(await served.send('POST', '/deploy', { body, headers }), 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it('refuses settings that break a rule with 400 and names the field', async () => {
    const answer = await served.upload('odd.zip', hello, { isolation: 'none' });
    expectProblem(answer, 400, 'INVALID_SETTINGS', { field: 'isolation' });
  });

  it('leaves nothing behind of what it refused', async () => {
    await eventually('staging to be empty', async () => (await served.leftovers()).staging.length === 0);
    const { functions } = (await served.get('/info')).json as { functions: { name: string }[] };
    const names = functions.map(({ name }) => name);
    for (const refused of ['notzip', 'slip', 'large', 'odd']) expect(names).not.toContain(refused);
  });
});

describe('GET /info', () => {
  it('counts and lists the functions with what is known of each', async () => {
    await served.deploy('listed', hello);
    const answer = await served.get('/info');
    expect(answer.status).toBe(200);
    const { count, functions } = answer.json as { count: number; functions: { name: string }[] };
    expect(count).toBe(functions.length);
    expect(functions).toContainEqual(await served.info('listed'));
  });

  it('describes one: name, times, calls', async () => {
    await served.deploy('described', hello);
    const before = await served.info('described');
    expect(before).toMatchObject({ name: 'described', lastInvokedAt: null, invokeCount: 0 });
    expect(before.createdAt).toMatch(isoTime);
    await served.invoke('described');
    const after = await served.info('described');
    expect(after).toMatchObject({ createdAt: before.createdAt, invokeCount: 1 });
    expect(after.lastInvokedAt).toMatch(isoTime);
    expect(after.lastInvokedAt! >= after.createdAt).toBe(true);
  });

  it('answers 404 for an unknown name and 400 for an impossible one', async () => {
    expectProblem(await served.get('/info/unknown'), 404, 'FUNCTION_NOT_FOUND');
    expectProblem(await served.get('/info/not.a.name'), 400, 'INVALID_NAME');
  });
});

describe('POST /invoke/:name', () => {
  it("answers with the handler's own status, headers and body, and the call's id and phases", async () => {
    const handler = '() => ({ statusCode: 418, headers: { "X-Own": "yes" }, body: { pot: true } })';
    await served.deploy('teapot', handlerZip(handler));
    const answer = await served.invoke('teapot');
    expect([answer.status, answer.json]).toEqual([418, { pot: true }]);
    expect(answer.headers.get('x-own')).toBe('yes');
    expect(answer.invocationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('server-timing')).toMatch(
      /^queue;dur=[\d.]+, container;desc="[a-z-]+";dur=[\d.]+, handler;dur=[\d.]+$/,
    );
  });

  it('answers 404 for an unknown name and 400 for an impossible one, with the id of the call', async () => {
    const unknown = await served.invoke('unknown', 'x');
    expectProblem(unknown, 404, 'FUNCTION_NOT_FOUND', { invocationId: unknown.invocationId });
    expectProblem(await served.invoke('%2e%2e%2fetc', 'x'), 400, 'INVALID_NAME');
  });

  it('refuses a body that is too large with 413, also one of undeclared length', async () => {
    const body = 'x'.repeat(100_001);
    expectProblem(await served.invoke('teapot', body), 413, 'PAYLOAD_TOO_LARGE');
    const { port } = new URL(served.url);
    const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const raw = await exchangeRaw(
      Number(port),
      `POST /invoke/teapot HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
    );
    expect(raw).toMatch(/^HTTP\/1\.1 413 /);
  });

  it.each(['fresh', 'warm'])('counts 20 calls of a %s function at once exactly', async (isolation) => {
    const name = `counted-${isolation}`;
    await served.deploy(name, hello, { isolation });
    const answers = await Promise.all(Array.from({ length: 20 }, () => served.invoke(name)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await served.info(name)).invokeCount).toBe(20);
  });

  it('counts a call whose handler fails, too', async () => {
    await served.deploy('failing', fixtureZip('throws'));
    await served.invoke('failing');
    expect((await served.info('failing')).invokeCount).toBe(1);
  });
});

describe('DELETE /del/:name', () => {
  it('answers 204; then the function is gone and its name free', async () => {
    await served.deploy('brief', handlerZip('() => "before"'));
    const deleted = await served.delete('brief');
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expectProblem(await served.invoke('brief'), 404, 'FUNCTION_NOT_FOUND');
    expectProblem(await served.get('/info/brief'), 404, 'FUNCTION_NOT_FOUND');
    expectProblem(await served.delete('brief'), 404, 'FUNCTION_NOT_FOUND');
    await served.deploy('brief', handlerZip('() => "after"'));
    expect((await served.invoke('brief')).json).toBe('after');
    expect((await served.info('brief')).invokeCount).toBe(1);
  });

  it('answers 400 for an impossible name', async () => {
    expectProblem(await served.delete('not.a.name'), 400, 'INVALID_NAME');
  });
});

describe('a path or method that is none of the routes', () => {
  it('is answered with 404 or 405', async () => {
    expectProblem(await served.get('/nowhere'), 404, 'ROUTE_NOT_FOUND');
    const wrong = await served.send('PUT', '/info');
    expectProblem(wrong, 405, 'METHOD_NOT_ALLOWED');
    expect(wrong.headers.get('allow')).toContain('GET');
  });
});
