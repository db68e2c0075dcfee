import { jest } from '@jest/globals';
import { createHmac, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Answer } from '../support/client.js';
import { patientlyMs, Served } from '../support/served.js';
import { handlerZip, zipOf } from '../support/zip.js';

jest.setTimeout(patientlyMs);

const secret = 'whsec_of_the_test';

/** A charge that counts what it does where the next call finds it. */
const counting = handlerZip(
  `async (event) => {
    const { fails, bytes, streams } = event.queryStringParameters ?? {};
    done += 1;
    if (fails) throw new Error('declined ' + done);
    if (streams) return { headers: { 'content-type': 'text/plain' }, body: (async function* () { yield 'part 1,'; yield ' of call ' + done; })() };
    return { statusCode: 201, headers: { 'content-type': 'text/plain', 'x-order': 'o-' + done }, body: 'x'.repeat(Number(bytes ?? 0)) + done };
  }`,
  'let done = 0;',
);

let served: Served;
beforeAll(async () => {
  served = await Served.start();
  await served.deploy('hook', zipOf({ 'index.js': await documentedHandler() }), {
    environment: { WEBHOOK_SECRET: secret },
  });
  await served.deploy('charge', counting, { isolation: 'warm', maxContainers: 1, idempotency: true });
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

/** The handler of the page, as somebody would copy it. */
async function documentedHandler(): Promise<string> {
  const page = await readFile(new URL('../../docs/events.md', import.meta.url), 'utf8');
  const code = /```js\n(.*?exports\.handler.*?)```/s.exec(page)?.[1];
  if (code === undefined) throw new Error('docs/events.md has no handler for webhooks.');
  return code;
}

const hmacOf = (bytes: Uint8Array) => createHmac('sha256', secret).update(bytes).digest('hex');

function likeStripe(body: Uint8Array): Record<string, string> {
  const t = String(Math.floor(Date.now() / 1000));
  return { 'stripe-signature': `t=${t},v1=${hmacOf(Buffer.concat([Buffer.from(`${t}.`), body]))}` };
}

function likeGitHub(body: Uint8Array): Record<string, string> {
  return { 'x-hub-signature-256': `sha256=${hmacOf(body)}` };
}

const json = Buffer.from('{ "id":"evt_1",\r\n "name":"Zoë \\u00e9 😀" }\n');

const bodies: readonly (readonly [string, Buffer, Record<string, string>])[] = [
  ['JSON as it was written', json, { 'content-type': 'application/json' }],
  ['what is no UTF-8', randomBytes(999), { 'content-type': 'application/octet-stream' }],
  ['text in Latin-1', Buffer.from('Zo\xeb', 'latin1'), { 'content-type': 'text/plain; charset=iso-8859-1' }],
  ['gzip', gzipSync(json), { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
  ['a byte order mark', Buffer.from('\ufeff{}'), { 'content-type': 'application/json' }],
  ['nothing', Buffer.alloc(0), {}],
];

interface ShownEvent {
  readonly id: string;
  readonly state: string;
  readonly request: { readonly bytes: number };
  readonly result: { readonly status: number; readonly body: string };
}

async function eventOf({ headers }: Answer): Promise<ShownEvent> {
  return (await served.get(`${String(headers.get('location'))}?wait=60`)).json as ShownEvent;
}

const prefer = { prefer: 'respond-async' };

describe('the signature of a webhook', () => {
  describe.each([
    ['Stripe’s', likeStripe],
    ['GitHub’s', likeGitHub],
  ] as const)('like %s', (_, sign) => {
    it.each(bodies)('is right over %s, at once and as an event', async (_title, body, headers) => {
      const signed = { ...headers, ...sign(body) };
      const answer = await served.invoke('hook', new Uint8Array(body), signed);
      expect([answer.status, answer.json]).toEqual([200, { bytes: body.length }]);
      const event = await eventOf(
        await served.invoke('hook', new Uint8Array(body), { ...signed, ...prefer }),
      );
      expect(event).toMatchObject({
        state: 'succeeded',
        request: { bytes: body.length },
        result: { status: 200, body: JSON.stringify({ bytes: body.length }) },
      });
    });

    it('is wrong over another body', async () => {
      const answer = await served.invoke('hook', '{"id":"evt_2"}', sign(json));
      expect(answer.status).toBe(401);
    });
  });
});

const charge = (key: string, query = '', headers: Record<string, string> = {}) =>
  served.send('POST', `/invoke/charge${query}`, {
    body: '{"amount":7}',
    headers: { 'content-type': 'application/json', 'idempotency-key': key, ...headers },
  });

describe('a call with an Idempotency-Key', () => {
  it('is done once, and its repetition gets all of the first answer', async () => {
    const first = await charge('"order-1"');
    const again = await charge('order-1');
    expect([first.status, first.headers.get('x-order')]).toEqual([201, `o-${first.text}`]);
    expect([
      again.status,
      again.text,
      again.headers.get('x-order'),
      again.headers.get('content-type'),
    ]).toEqual([201, first.text, `o-${first.text}`, 'text/plain']);
    expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
    expect(again.invocationId).toBe(first.invocationId);
  });

  it('is done again with another key, and refused with the same key for another request', async () => {
    const first = await charge('order-2');
    expect((await charge('order-3')).text).not.toBe(first.text);
    expect(await charge('order-2', '?x=1')).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('keeps what the handler threw, and a streamed answer', async () => {
    const failures = [await charge('order-4', '?fails=1'), await charge('order-4', '?fails=1')];
    expect(failures.map(({ status }) => status)).toEqual([502, 502]);
    expect(failures[1]?.text).toBe(failures[0]?.text);
    const streams = [await charge('order-5', '?streams=1'), await charge('order-5', '?streams=1')];
    expect(streams[0]?.text).toMatch(/^part 1, of call \d+$/);
    expect(streams[1]?.text).toBe(streams[0]?.text);
  });

  it('is not done again where its answer was too large to keep', async () => {
    expect((await charge('order-6', '?bytes=300000')).status).toBe(201);
    expect(await charge('order-6', '?bytes=300000')).toMatchObject({
      status: 409,
      code: 'IDEMPOTENT_ANSWER_TOO_LARGE',
    });
  });

  it.each(['', '"', 'a b', 'ü'])('is refused, and not done, with the key %j', async (key) => {
    const refused = await charge(key);
    expect([refused.status, refused.code, refused.json]).toMatchObject([
      400,
      'MALFORMED_REQUEST',
      { field: 'Idempotency-Key' },
    ]);
  });

  it('is kept across the end of the server', async () => {
    const first = await charge('order-7');
    await served.crash();
    served = await Served.start({}, served.directory);
    expect((await charge('order-7')).text).toBe(first.text);
  });
});

describe('an event with an Idempotency-Key', () => {
  it('is accepted once', async () => {
    const first = await charge('event-1', '', prefer);
    const again = await charge('event-1', '', prefer);
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.json).toEqual(first.json);
    expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
    expect(first.headers.get('preference-applied')).toBe('respond-async');
    const other = await charge('event-1', '?other=1', prefer);
    expect([other.status, other.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect((await eventOf(first)).state).toBe('succeeded');
  });

  it('may have so many bytes and no more, and a right ordering key', async () => {
    const large = await served.invoke('hook', new Uint8Array(1024 * 1024 + 1), prefer);
    expect([large.status, large.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const unordered = await charge('event-2', '', { ...prefer, 'x-ordering-key': 'ü' });
    expect([unordered.status, unordered.json]).toMatchObject([400, { field: 'X-Ordering-Key' }]);
    const unknown = await served.invoke('nobody', '{}', prefer);
    expect([unknown.status, unknown.code]).toEqual([404, 'FUNCTION_NOT_FOUND']);
  });
});
