import { jest } from '@jest/globals';
import { gunzipSync, gzipSync } from 'node:zlib';
import { exchangeRaw } from '../support/raw-connection.js';
import { fixtureZip, handlerZip } from '../support/zip.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

/** Warm, so that what is tested here costs no container each. */
const warm = { isolation: 'warm', maxContainers: 1 };

let served: Served;
beforeAll(async () => {
  served = await Served.start();
  await served.deploy('seen', handlerZip(seen), warm);
  await served.deploy('mirror', handlerZip(mirror), warm);
  await served.deploy('returns', fixtureZip('returns'), warm);
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

/** Answers with what it saw of the request. */
const seen = `({ rawPath, rawQueryString, requestContext: { http }, headers, cookies, body }) =>
  ({ body: { rawPath, rawQueryString, method: http.method, headers, cookies, body } })`;

/** Gives the request's bytes back. */
const mirror = `({ body, isBase64Encoded, headers }) => ({
  headers: { 'content-type': 'application/octet-stream', 'x-encoding': headers['content-encoding'] ?? '' },
  isBase64Encoded: true,
  body: isBase64Encoded ? body : Buffer.from(body).toString('base64'),
})`;

const port = () => Number(new URL(served.url).port);

function raw(lines: readonly string[], body = ''): Promise<string> {
  return exchangeRaw(
    port(),
    `${[...lines, 'Host: localhost', 'Connection: close'].join('\r\n')}\r\n\r\n${body}`,
  );
}

describe('a function sees', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY'])(
    'the method %s',
    async (method) => {
      expect((await served.send(method, '/invoke/seen')).json).toMatchObject({ method });
    },
  );

  it.each([
    ['', '/', ''],
    ['/', '/', ''],
    ['/a/b/', '/a/b/', ''],
    ['/a%2Fb/c%20d?x=%20&x=2&y', '/a%2Fb/c%20d', 'x=%20&x=2&y'],
    ['/%ff/%zz/../up', '/%ff/%zz/../up', ''],
    ['//twice//', '//twice//', ''],
  ])('%j as the path %s and the query %j, as they were sent', async (below, rawPath, rawQueryString) => {
    const answer = await raw([`GET /invoke/seen${below} HTTP/1.1`]);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ rawPath, rawQueryString });
  });

  it('repeated headers joined, and cookies one by one', async () => {
    const answer = await raw([
      'GET /invoke/seen HTTP/1.1',
      'X-A: 1',
      'X-A: 2',
      'Cookie: a=1; b=2',
      'Cookie: c=3',
    ]);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      headers: { 'x-a': '1, 2' },
      cookies: ['a=1', 'b=2', 'c=3'],
    });
  });

  it('a chunked body whole', async () => {
    const answer = await raw(
      ['POST /invoke/seen HTTP/1.1', 'Transfer-Encoding: chunked'],
      '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    );
    expect(answer).toContain('"body":"abcde"');
  });
});

describe('bytes', () => {
  const everyByte = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);

  it.each([
    ['every byte', everyByte],
    ['text with a byte order mark and a null', Uint8Array.from([0xef, 0xbb, 0xbf, 0x61, 0x00, 0x62])],
    ['nothing', new Uint8Array()],
  ])('come to the function and back as they were: %s', async (_, bytes) => {
    const answer = await served.invoke('mirror', bytes);
    expect(answer.body.equals(Buffer.from(bytes))).toBe(true);
  });

  it('stay compressed on their way in: what content-encoding says is still true', async () => {
    const answer = await served.invoke('mirror', new Uint8Array(gzipSync('compressed')), {
      'content-encoding': 'gzip',
    });
    expect(answer.headers.get('x-encoding')).toBe('gzip');
    expect(gunzipSync(answer.body).toString()).toBe('compressed');
  });

  it('that a handler returns are the body as they are', async () => {
    const answer = await served.invoke('returns', 'Buffer.from([0, 255, 13, 10])');
    expect([answer.type, [...answer.body]]).toEqual(['application/octet-stream', [0, 255, 13, 10]]);
  });
});

describe('HEAD', () => {
  it('has the head of the answer to GET, its length too, and no body', async () => {
    const get = await raw(['GET /invoke/seen/x HTTP/1.1']);
    const head = await raw(['HEAD /invoke/seen/x HTTP/1.1']);
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(head.slice(head.indexOf('\r\n\r\n') + 4)).toBe('');
    const length = (answer: string) => Number(/\r\ncontent-length: (\d+)/i.exec(answer)?.[1]);
    // One method's name is a letter longer than the other's.
    expect(length(head)).toBe(length(get) + 1);
  });

  it('has the length that a function which sends no body says it would have', async () => {
    await served.deploy('head', handlerZip(`() => ({ headers: { 'content-length': '1234' } })`), warm);
    const head = await raw(['HEAD /invoke/head HTTP/1.1']);
    expect(head).toMatch(/\r\ncontent-length: 1234\r\n/i);
    // In answer to anything else the server counts for itself.
    expect(await raw(['GET /invoke/head HTTP/1.1'])).toMatch(/\r\ncontent-length: 0\r\n/i);
  });

  it('of a function that does not exist has no body either', async () => {
    const head = await raw(['HEAD /invoke/nobody HTTP/1.1']);
    expect(head).toMatch(/^HTTP\/1\.1 404 /);
    expect(head.slice(head.indexOf('\r\n\r\n') + 4)).toBe('');
  });
});
