import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DomainError } from '../errors/domain-error.js';
import { readJsonBody } from './read-json-body.js';

let server: Server;
let url: string;
beforeEach(async () => {
  server = createServer((request, response) => {
    readJsonBody(request, {
      limitBytes: 400,
      mediaTypes: ['application/json', 'application/merge-patch+json'],
    }).then(
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

describe('readJsonBody', () => {
  it.each(['application/json', 'Application/JSON; charset=utf-8', 'application/merge-patch+json'])(
    'reads the content type %s',
    async (contentType) => {
      await expect(send('{"ü":[1]}', contentType)).resolves.toEqual({ value: { ü: [1] } });
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'refuses the content type "%s"',
    async (contentType) => {
      await expect(send('{}', contentType)).resolves.toEqual({ code: 'UNSUPPORTED_MEDIA_TYPE' });
    },
  );

  it('passes over a byte order mark', async () => {
    await expect(send('\uFEFF{"a":1}')).resolves.toEqual({ value: { a: 1 } });
  });

  it.each([
    '',
    '\uFEFF',
    '{',
    '{}{}',
    Buffer.from('\uFEFF{"a":1}', 'utf16le'),
    Buffer.from('{"\xff":1}', 'latin1'),
  ])('refuses what is no JSON: %j', async (body) => {
    await expect(send(body)).resolves.toEqual({ code: 'MALFORMED_REQUEST' });
  });

  it('refuses what is nested too deep, and takes no bracket in a text for a level', async () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    await expect(send(nested(101))).resolves.toEqual({ code: 'MALFORMED_REQUEST' });
    await expect(send(nested(100))).resolves.toHaveProperty('value');
    const text = '\\"'.repeat(50) + '['.repeat(200);
    await expect(send(`["${text}"]`)).resolves.toHaveProperty('value');
  });

  it('refuses more than the limit', async () => {
    await expect(send(`{"a":"${'x'.repeat(400)}"}`)).resolves.toEqual({ code: 'PAYLOAD_TOO_LARGE' });
  });
});
