import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { until } from '../../../test/support/eventually.js';
import { everyFunction, setCaller } from '../auth/caller.js';
import type { DomainError } from '../errors/domain-error.js';
import { Ruled } from './field-rules.js';
import { JsonBodies } from './json-body.js';
import { readJson } from './read-fields.js';

/** A body whose one field may be anything. */
class Anything {
  @Ruled(() => undefined, { type: 'object', required: false })
  readonly a?: unknown;
}

describe('the body of a request', () => {
  let server: Server;
  let url: string;
  beforeEach(async () => {
    const bodies = new JsonBodies({ total: 100_000, share: 100_000 });
    const mediaTypes = ['application/json', 'application/merge-patch+json'];
    server = createServer((request, response) => {
      bodies.read(request, Anything, { limitBytes: 500, mediaTypes }).then(
        (value) => response.end(JSON.stringify({ value })),
        (error: unknown) => response.end(JSON.stringify({ code: (error as DomainError).code })),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  async function send(body: string | Buffer, contentType = 'application/json'): Promise<unknown> {
    const headers = { 'content-type': contentType, connection: 'close' };
    const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(Buffer.from(body)) });
    return answer.json();
  }

  it.each(['application/json', 'Application/JSON; charset=utf-8', 'application/merge-patch+json'])(
    'is read of the content type %s',
    async (contentType) => {
      await expect(send('{"a":["ü"]}', contentType)).resolves.toEqual({ value: { a: ['ü'] } });
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'is refused of the content type "%s"',
    async (contentType) => {
      await expect(send('{}', contentType)).resolves.toEqual({ code: 'UNSUPPORTED_MEDIA_TYPE' });
    },
  );

  it('may begin with a byte order mark', async () => {
    await expect(send('\uFEFF{"a":1}')).resolves.toEqual({ value: { a: 1 } });
  });

  it.each([
    '',
    '\uFEFF',
    '{',
    '{}{}',
    Buffer.from('\uFEFF{"a":1}', 'utf16le'),
    Buffer.from('{"\xff":1}', 'latin1'),
  ])('is refused where it is no JSON: %j', async (body) => {
    await expect(send(body)).resolves.toEqual({ code: 'MALFORMED_REQUEST' });
  });

  it('has one zero, whatever sign it is written with', () => {
    expect(Object.is(readJson(Anything, Buffer.from('{"a":-0}')).a, 0)).toBe(true);
  });

  it('is refused where it is nested too deep, and no bracket in a text counts as a level', async () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    await expect(send(nested(101))).resolves.toEqual({ code: 'MALFORMED_REQUEST' });
    await expect(send(nested(100))).resolves.toHaveProperty('value');
    const text = '\\"'.repeat(50) + '['.repeat(200);
    await expect(send(`{"a":"${text}"}`)).resolves.toHaveProperty('value');
  });

  it('is refused where it has more bytes than the limit', async () => {
    await expect(send(`{"a":"${'x'.repeat(500)}"}`)).resolves.toEqual({ code: 'PAYLOAD_TOO_LARGE' });
  });
});

/** A request of which more comes as the test writes. */
function requestWith(keyId: string | undefined, beginning: string) {
  const headers = { 'transfer-encoding': 'chunked', 'content-type': 'application/json' };
  const stream = Object.assign(new PassThrough(), { headers });
  const request = stream as unknown as IncomingMessage;
  setCaller(request, { keyId, address: '', scopes: ['admin'], reach: everyFunction });
  stream.write(beginning);
  return { stream, request };
}

const text = '{"a":"xxx';

describe('the bodies of all requests', () => {
  let bodies: JsonBodies;
  beforeEach(() => {
    bodies = new JsonBodies({ total: 30, share: 20 });
  });

  const read = (request: IncomingMessage) => bodies.read(request, Anything, { limitBytes: 100 });

  it('count as they arrive, until they are read or have failed', async () => {
    const [good, bad] = [requestWith('a', text), requestWith('a', text)];
    const reading = [read(good.request), read(bad.request)];
    await until(() => bodies.heldBytes === 18);
    good.stream.end('"}');
    await expect(reading[0]).resolves.toEqual({ a: 'xxx' });
    expect(bodies.heldBytes).toBe(9);
    bad.stream.end();
    await expect(reading[1]).rejects.toMatchObject({ code: 'MALFORMED_REQUEST' });
    expect(bodies.heldBytes).toBe(0);
  });

  it('are refused where those with the same key, or all, hold as much as they may', async () => {
    const held = ['a', 'a', 'b'].map((keyId) => requestWith(keyId, text));
    const reading = held.map(({ request }) => read(request));
    await until(() => bodies.heldBytes === 27);
    await expect(read(requestWith('a', text).request)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await expect(read(requestWith('c', text).request)).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(bodies.heldBytes).toBe(27);
    for (const { stream } of held) stream.end();
    await Promise.allSettled(reading);
    expect(bodies.heldBytes).toBe(0);
  });
});
