import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { Cancellation } from '../../common/time/cancellation.js';
import { invocationSettings, type InvocationSettings } from '../../invocation/invocation.settings.js';
import { forwardedHeaders, RequestBodies, traceContextOf } from './request.js';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', traceparent, tracestate: undefined };
const noKey = {
  root: '/invoke/shop',
  hasShownKey: false,
  trace,
  sourceIp: '192.0.2.7',
  forwarded: undefined,
};

/** What the server says of every call, here of one without a `Host`. */
const ownWords = {
  'x-forwarded-for': '192.0.2.7',
  'x-forwarded-proto': 'http',
  'x-forwarded-port': '80',
  'x-forwarded-prefix': '/invoke/shop',
  traceparent,
};

describe('the headers a function sees', () => {
  it('are what the client sent', () => {
    const received = {
      'content-type': 'text/plain',
      authorization: 'Bearer x',
      'set-cookie': ['a=1', 'b=2'],
    };
    expect({ ...forwardedHeaders(received, noKey) }).toEqual({ ...received, ...ownWords });
  });

  it('leave out what speaks of the connection', () => {
    const received = {
      connection: 'keep-alive',
      'transfer-encoding': 'chunked',
      te: 'trailers',
      upgrade: 'h2c',
    };
    expect({ ...forwardedHeaders(received, noKey) }).toEqual(ownWords);
  });

  it.each([
    ...[
      'forwarded',
      'x-real-ip',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-port',
      'x-forwarded-proto',
    ],
    ...['x-forwarded-prefix', 'x-forwarded-ssl', 'x-forwarded-user', 'x-forwarded', 'front-end-https'],
    ...['x-original-url', 'x-original-host', 'x-rewrite-url', 'x-scheme', 'x-script-name'],
  ])('leave out what nobody but a proxy has to say: %s', (name) => {
    expect({ ...forwardedHeaders({ [name]: 'forged' }, noKey) }).toEqual(ownWords);
  });

  it('say by which URL the function was called', () => {
    expect(forwardedHeaders({ host: 'localhost:8000' }, noKey)).toMatchObject({
      host: 'localhost:8000',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'localhost:8000',
      'x-forwarded-port': '8000',
      'x-forwarded-prefix': '/invoke/shop',
    });
  });

  it('say by which URL a trusted proxy was called, and pass on what else it says', () => {
    const forwarded = { scheme: 'https', host: 'fn.example.com', prefix: '/fn' } as const;
    const received = {
      host: '127.0.0.1:8000',
      'x-forwarded-host': 'evil.example, fn.example.com',
      'x-forwarded-user': 'ada',
      'x-original-uri': '/fn/invoke/shop/',
      'x-real-ip': '10.0.0.1',
    };
    expect({ ...forwardedHeaders(received, { ...noKey, forwarded }) }).toEqual({
      host: '127.0.0.1:8000',
      'x-forwarded-user': 'ada',
      'x-original-uri': '/fn/invoke/shop/',
      'x-forwarded-for': '192.0.2.7',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'fn.example.com',
      'x-forwarded-port': '443',
      'x-forwarded-prefix': '/fn/invoke/shop',
      traceparent,
    });
  });

  it('say what the server knows where a trusted proxy says nothing', () => {
    const forwarded = { scheme: undefined, host: undefined, prefix: '' };
    expect(forwardedHeaders({ host: '[::1]' }, { ...noKey, forwarded })).toMatchObject({
      'x-forwarded-proto': 'http',
      'x-forwarded-host': '[::1]',
      'x-forwarded-port': '80',
      'x-forwarded-prefix': '/invoke/shop',
    });
  });

  it('take no notice of names that objects have by themselves', () => {
    const received = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Record<string, string>;
    const forwarded = forwardedHeaders(received, noKey);
    // Node itself drops a header of the first name: its own object of headers cannot hold it.
    expect(Object.entries(forwarded)).toEqual([['constructor', 'y'], ...Object.entries(ownWords)]);
    expect(Object.getPrototypeOf(forwarded)).toBe(Object.prototype);
  });

  it('leave out the key that the caller has shown to the server', () => {
    const received = { authorization: 'Bearer glb_x', accept: '*/*' };
    expect({ ...forwardedHeaders(received, { ...noKey, hasShownKey: true }) }).toEqual({
      accept: '*/*',
      ...ownWords,
    });
  });

  it('hold the Authorization of a call whose key came in X-Glambdar-Key, untouched, and never that key', () => {
    const secret = 'k'.repeat(43);
    const key = { 'x-glambdar-key': `glb_0123456789ab_${secret}` };
    const own = { authorization: 'Bearer token of the function' };
    const context = { ...noKey, hasShownKey: true };
    expect({ ...forwardedHeaders({ ...own, ...key }, context) }).toEqual({ ...own, ...ownWords });
    expect({ ...forwardedHeaders({ ...own, ...key }, noKey) }).toEqual({ ...own, ...ownWords });
    expect({ ...forwardedHeaders(key, context) }).toEqual(ownWords);
    // Some clients send what they have in both.
    const twice = { authorization: `Bearer GLB_0123456789AB_${secret}`, ...key };
    expect({ ...forwardedHeaders(twice, context) }).toEqual(ownWords);
  });

  it('hold the Authorization of a call that came by a session, unless it is a key', () => {
    const context = { ...noKey, hasShownKey: true };
    const own = { authorization: 'Basic Z2xiOng=' };
    expect({ ...forwardedHeaders(own, context) }).toEqual({ ...own, ...ownWords });
  });

  it('never hold a session, of this server or of another one on its host, or what its pages send with it', () => {
    const cookie = 'a=1; glambdar_session_0123abcd=gls_x; b=2;glambdar_session=y';
    const received = { cookie, 'x-glambdar-csrf': 'token' };
    expect({ ...forwardedHeaders(received, noKey) }).toEqual({ cookie: 'a=1; b=2', ...ownWords });
    expect({ ...forwardedHeaders({ cookie: 'glambdar_session_1=gls_x' }, noKey) }).toEqual(ownWords);
    expect({ ...forwardedHeaders({ cookie: 'a=1;  b="2"' }, noKey) }).toEqual({
      cookie: 'a=1;  b="2"',
      ...ownWords,
    });
  });

  it("place the function below the call in the caller's trace", () => {
    const received = {
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-aaaaaaaaaaaaaaaa-01',
      tracestate: 'a=1',
    };
    expect({ ...forwardedHeaders(received, noKey) }).toEqual(ownWords);
    const withState = { ...noKey, trace: { ...trace, tracestate: 'a=1' } };
    expect({ ...forwardedHeaders(received, withState) }).toEqual({ ...ownWords, tracestate: 'a=1' });
  });
});

const invocationId = '5bd66ef5-0954-4a1c-8c7d-1f2e3d4c5b6a';
const spanId = '8c7d1f2e3d4c5b6a';
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = '00f067aa0ba902b7';

const contextOf = (traceparent?: string, tracestate?: string) =>
  traceContextOf({ traceparent, tracestate }, invocationId);

describe("a call's place in a trace", () => {
  it.each([
    ['sampled', `00-${traceId}-${parent}-01`, '01'],
    ['not sampled', `00-${traceId}-${parent}-00`, '00'],
    ['flags that the standard reserves', `00-${traceId}-${parent}-ff`, '01'],
    ['a later version', `cc-${traceId}-${parent}-01`, '01'],
    ['a later version with more in it', `cc-${traceId}-${parent}-01-what-the-future-brings`, '01'],
  ])("goes on with the caller's, under its own span: %s", (_, traceparent, flags) => {
    expect(contextOf(traceparent, 'vendor=1')).toEqual({
      traceId,
      traceparent: `00-${traceId}-${spanId}-${flags}`,
      tracestate: 'vendor=1',
    });
  });

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['no trace id', `00-${'0'.repeat(32)}-${parent}-01`],
    ['no parent id', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['upper case', `00-${traceId.toUpperCase()}-${parent}-01`],
    ['too short', `00-${traceId.slice(1)}-${parent}-01`],
    ['too long for its version', `00-${traceId}-${parent}-01-more`],
    ['the forbidden version', `ff-${traceId}-${parent}-01`],
    ['no flags', `00-${traceId}-${parent}`],
    ['two of them', `00-${traceId}-${parent}-01, 00-${traceId}-${parent}-01`],
    ['something after it', `00-${traceId}-${parent}-01\n`],
  ])('begins with the call, not sampled, where the caller sent %s', (_, traceparent) => {
    const begun = '5bd66ef509544a1c8c7d1f2e3d4c5b6a';
    expect(contextOf(traceparent, 'vendor=1')).toEqual({
      traceId: begun,
      traceparent: `00-${begun}-${spanId}-00`,
      tracestate: undefined,
    });
  });
});

const settings: InvocationSettings = {
  ...(invocationSettings.config() as InvocationSettings),
  requestBytes: 50,
  bufferedRequestBytes: 100,
};

let bodies: RequestBodies;
beforeEach(() => {
  bodies = new RequestBodies(settings, { functionPercent: 50, keyPercent: 50, backgroundPercent: 50 });
});

function chunked() {
  const stream = new PassThrough();
  const headers = { 'transfer-encoding': 'chunked' };
  return { stream, request: Object.assign(stream, { headers }) as unknown as IncomingMessage };
}

async function received(keyId: string | undefined, bytes: number) {
  const { stream, request } = chunked();
  stream.end(Buffer.alloc(bytes));
  return bodies.receive(request, keyId, new Cancellation());
}

describe('RequestBodies', () => {
  it('holds nothing for a request without a body', async () => {
    const request = Object.assign(new PassThrough(), { headers: {} }) as unknown as IncomingMessage;
    await bodies.receive(request, 'key', new Cancellation());
    expect(bodies.heldBytes).toBe(0);
  });

  it('holds nothing for what was announced and has not arrived', async () => {
    const request = Object.assign(new PassThrough(), { headers: { 'content-length': '50' } });
    const cancellation = new Cancellation();
    const receiving = bodies.receive(request as unknown as IncomingMessage, 'key', cancellation);
    expect(bodies.heldBytes).toBe(0);
    cancellation.cancel(new Error('the server stops'));
    await expect(receiving).rejects.toThrow('the server stops');
  });

  it('holds what has arrived until it is discarded, once', async () => {
    const body = await received('key', 40);
    expect(bodies.heldBytes).toBe(40);
    body.discard();
    body.discard();
    expect([bodies.heldBytes, body.bytes, body.content.length]).toEqual([0, 40, 0]);
  });

  it('holds nothing of a body that was refused or broke off', async () => {
    await expect(received('key', 51)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    const { stream, request } = chunked();
    const receiving = bodies.receive(request, 'key', new Cancellation());
    stream.write(Buffer.alloc(10));
    stream.destroy();
    await expect(receiving).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    expect(bodies.heldBytes).toBe(0);
  });

  it("leaves the other half of the server's room to others than one key's callers", async () => {
    await received('greedy', 50);
    await expect(received('greedy', 1)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await expect(received('other', 50)).resolves.toMatchObject({ bytes: 50 });
    await expect(received('third', 1)).rejects.toMatchObject({ code: 'OVERLOADED' });
  });

  it('gives all the room to callers where there are no keys', async () => {
    await received(undefined, 50);
    await expect(received(undefined, 50)).resolves.toMatchObject({ bytes: 50 });
  });
});
