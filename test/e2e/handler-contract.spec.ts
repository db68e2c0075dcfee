import { jest } from '@jest/globals';
import { exchangeRaw } from '../support/raw-connection.js';
import { fixtureZip, handlerZip, zipOf } from '../support/zip.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

interface Echoed {
  readonly event: Record<string, unknown> & {
    readonly headers: Record<string, unknown>;
    readonly requestContext: Record<string, unknown>;
  };
  readonly context: Record<string, unknown>;
  readonly remainingMs: number;
}

/** Both are warm, so that what is tested here costs no container each. */
const warm = { isolation: 'warm', maxContainers: 1 };
const timeoutSeconds = 900;

let served: Served;
beforeAll(async () => {
  served = await Served.start();
  await served.deploy('echo', fixtureZip('echo'), { ...warm, timeoutSeconds });
  await served.deploy('returns', fixtureZip('returns'), warm);
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

describe('a function may be written as', () => {
  it.each([
    ['commonjs-cjs', 'from cjs'],
    ['esm-mjs', 'from mjs'],
    ['typescript', '/'],
    ['built-exports', 'built'],
    ['callback', 'called back'],
    ['printing', 'printed'],
    ['patches-globals', { intact: true }],
    ['hello', { message: 'Hello' }],
  ])('%s', async (fixture, body) => {
    const { json: deployed } = await served.deploy(fixture, fixtureZip(fixture));
    expect(deployed).not.toHaveProperty('warnings');
    const answer = await served.invoke(fixture);
    expect([answer.status, answer.json]).toEqual([200, body]);
  });

  it('an ES module in index.js, which reads its request as JSON', async () => {
    await served.deploy('esm', fixtureZip('esm'));
    expect((await served.invoke('esm', '{"a":[1]}')).json).toEqual({ a: [1] });
  });

  it('several files and packages of its own', async () => {
    const zip = zipOf({
      'index.js': `const { one } = require('./lib/one'); exports.handler = () => one + require('two');`,
      'lib/one.js': 'exports.one = 1;',
      'node_modules/two/package.json': '{"name":"two","main":"main.js"}',
      'node_modules/two/main.js': 'module.exports = 2;',
    });
    await served.deploy('files', zip);
    expect((await served.invoke('files')).json).toBe(3);
  });
});

describe('the first argument', () => {
  async function echoed(
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
    headers = {},
  ): Promise<Echoed> {
    return (await served.invoke(`echo${path}`, body, headers)).json as Echoed;
  }

  it('is a request: headers with lower-case names, and the body as text', async () => {
    const { event } = await echoed('', 'grüße', { 'X-Own': 'yes', 'content-type': 'text/plain' });
    expect(event).toMatchObject({ body: 'grüße', isBase64Encoded: false });
    expect(event.headers).toMatchObject({ 'x-own': 'yes', 'content-type': 'text/plain' });
  });

  it('is an AWS function-URL event, payload format 2.0', async () => {
    const answer = await served.invoke('echo?a=1&a=2&b=%20', 'x', {
      'user-agent': 'me/1',
      cookie: 'c=1; d=2',
    });
    const { event } = answer.json as Echoed;
    expect(event).toMatchObject({
      version: '2.0',
      rawPath: '/',
      rawQueryString: 'a=1&a=2&b=%20',
      queryStringParameters: { a: '1,2', b: ' ' },
      cookies: ['c=1', 'd=2'],
      requestContext: {
        http: { method: 'POST', path: '/', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'me/1' },
        requestId: answer.invocationId,
      },
    });
    const { timeEpoch } = event.requestContext;
    expect(Math.abs(Number(timeEpoch) - Date.now())).toBeLessThan(patientlyMs);
  });

  it('has bytes that are no text in base64', async () => {
    const { event } = await echoed('', Uint8Array.of(0xff, 0x00, 0xfe));
    expect(event).toMatchObject({ body: '/wD+', isBase64Encoded: true });
  });

  it('has an empty body where there is none', async () => {
    expect((await echoed('')).event).toMatchObject({ body: '', isBase64Encoded: false });
  });

  it('joins repeated headers as HTTP allows', async () => {
    const lines = ['Host: 127.0.0.1', 'X-A: 1', 'X-A: 2', 'Connection: close', '', ''];
    const raw = await exchangeRaw(
      Number(new URL(served.url).port),
      ['POST /invoke/echo HTTP/1.1', 'Content-Length: 0', ...lines].join('\r\n'),
    );
    const { event } = JSON.parse(raw.slice(raw.indexOf('\r\n\r\n') + 4)) as Echoed;
    expect(event.headers).toMatchObject({ 'x-a': '1, 2' });
  });

  it("goes on with the caller's trace, the call between the caller and the function", async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, tracestate: 'vendor=1' };
    const answer = await served.invoke('echo', 'x', headers);
    const { event, context } = answer.json as Echoed;
    const traceparent = answer.headers.get('traceparent');
    expect(traceparent).toMatch(new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
    expect(event.headers).toMatchObject({ traceparent, tracestate: 'vendor=1' });
    expect(context['traceId']).toBe(traceId);
  });

  it('begins a trace where the caller sent none, named by the call', async () => {
    const answer = await served.invoke('echo', 'x', { traceparent: '00-ab-cd-01', tracestate: 'vendor=1' });
    const { event, context } = answer.json as Echoed;
    expect(event.headers['traceparent']).toBe(answer.headers.get('traceparent'));
    expect(event.headers).not.toHaveProperty('tracestate');
    expect(context['traceId']).toBe(answer.invocationId.replaceAll('-', ''));
  });

  it('rejects json() of a body that is none, with a sentence that says so', async () => {
    const answer = await served.invoke('esm', '{not json');
    expect(answer.status).toBe(502);
    expect(answer.json).toMatchObject({
      code: 'FUNCTION_ERROR',
      errorType: 'SyntaxError',
      errorMessage: expect.stringContaining('body is not valid JSON') as string,
    });
  });
});

describe('the second argument', () => {
  it('is the AWS Lambda context', async () => {
    const answer = await served.invoke('echo');
    const { context, remainingMs } = answer.json as Echoed;
    expect(context).toMatchObject({
      awsRequestId: answer.invocationId,
      functionName: 'echo',
      functionVersion: '1',
      invokedFunctionArn: expect.stringMatching(/^arn:aws:lambda:.*:function:echo$/) as string,
      memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/echo',
      logStreamName: expect.stringMatching(/\S/) as string,
    });
    expect(remainingMs).toBeGreaterThan(timeoutSeconds * 500);
    expect(remainingMs).toBeLessThanOrEqual(timeoutSeconds * 1000);
  });
});

describe('what a handler returns', () => {
  const json = 'application/json';

  it.each<[string, number, string | null, string]>([
    ['undefined', 200, null, ''],
    ['null', 200, json, 'null'],
    ['42', 200, json, '42'],
    ['false', 200, json, 'false'],
    ['"text"', 200, json, '"text"'],
    ['[1, "two"]', 200, json, '[1,"two"]'],
    ['{ message: "hi" }', 200, json, '{"message":"hi"}'],
    ['{ body: "hi" }', 200, json, '"hi"'],
    ['{ body: "hi", headers: { "Content-Type": "text/plain" } }', 200, 'text/plain', 'hi'],
    ['{ statusCode: 201, body: { a: 1 } }', 201, json, '{"a":1}'],
    ['{ statusCode: 404 }', 404, null, ''],
    ['{ statusCode: 503, body: null }', 503, json, 'null'],
    ['{ statusCode: 204, body: "not allowed there" }', 204, json, ''],
    ['{ statusCode: 200 }', 200, null, ''],
    ['Promise.resolve({ body: 1 })', 200, json, '1'],
    ['{ statusCode: 201, body: Promise.resolve([1]) }', 201, json, '[1]'],
    ['{ statusCode: "404" }', 404, null, ''],
    ['{ status: 404, body: "no" }', 200, json, '{"status":404,"body":"no"}'],
    ['{ id: 1, title: "a", body: "b" }', 200, json, '{"id":1,"title":"a","body":"b"}'],
    ['{ url: "/", headers: {} }', 200, json, '{"url":"/","headers":{}}'],
    ['{}', 200, json, '{}'],
    ['{ statusCode: 200, body: JSON.stringify({ a: 1 }) }', 200, json, '{"a":1}'],
    ['JSON.stringify([1])', 200, json, '[1]'],
    ['{ body: "{a}" }', 200, json, '"{a}"'],
    ['{ headers: { "content-type": undefined, "x-a": null }, body: [1] }', 200, json, '[1]'],
    ['new Response("no", { status: 404 })', 404, 'text/plain;charset=UTF-8', 'no'],
    ['new Response(null, { status: 204 })', 204, null, ''],
    ['new Response(new Blob(["a", "b"], { type: "text/x" }))', 200, 'text/x', 'ab'],
    ['Response.json({ a: 1 })', 200, json, '{"a":1}'],
    ['new Blob(["a"], { type: "text/x" })', 200, 'text/x', 'a'],
  ])('%s is answered with %d, %s and %s', async (returned, status, type, text) => {
    const answer = await served.invoke('returns', returned);
    expect([answer.status, answer.type, answer.text]).toEqual([status, type, text]);
  });

  it('in base64 is sent as the bytes', async () => {
    const image = '{ isBase64Encoded: true, body: "/wD+", headers: { "content-type": "image/png" } }';
    const answer = await served.invoke('returns', image);
    expect([answer.type, [...answer.body]]).toEqual(['image/png', [0xff, 0x00, 0xfe]]);
  });

  it('sets cookies, each in a header of its own', async () => {
    const answer = await served.invoke('returns', '{ cookies: ["a=1", "b=2; Path=/"], body: "x" }');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2; Path=/']);
  });

  it.each([
    'new Response("x", { headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]] })',
    '{ headers: new Headers([["set-cookie", "a=1"], ["set-cookie", "b=2"]]), body: "x" }',
    '{ statusCode: 200, multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"] }, body: "x" }',
  ])('sets both cookies of %s', async (returned) => {
    const answer = await served.invoke('returns', returned);
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, ['a=1', 'b=2']]);
  });

  it('may be a redirect', async () => {
    const answer = await served.send('POST', '/invoke/returns', {
      body: 'Response.redirect("http://a.test/b", 307)',
      redirect: 'manual',
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([307, 'http://a.test/b']);
  });

  it('has the length of a web Response whose text is there, to GET and to HEAD', async () => {
    await served.deploy('page', handlerZip('() => new Response("four")'), warm);
    for (const method of ['GET', 'HEAD']) {
      const answer = await served.send(method, '/invoke/page');
      expect([answer.headers.get('content-length'), answer.text]).toEqual([
        '4',
        method === 'GET' ? 'four' : '',
      ]);
    }
  });

  it('is streamed where a web Response is', async () => {
    const body =
      'new ReadableStream({ async pull(to) { await new Promise((go) => setTimeout(go, 5)); to.enqueue("a"); to.close(); } })';
    const answer = await served.invoke('returns', `new Response(${body}, { status: 201 })`);
    expect([answer.status, answer.headers.get('content-length'), answer.text]).toEqual([201, null, 'a']);
  });

  it('is a web Response in the other format, too', async () => {
    await served.deploy('on-aws', fixtureZip('returns'), { ...warm, responseFormat: 'lambda' });
    const answer = await served.invoke('on-aws', 'new Response("{}", { status: 404 })');
    expect([answer.status, answer.type, answer.text]).toEqual([404, 'text/plain;charset=UTF-8', '{}']);
  });

  it.each(['new RangeError("mine")', '{ statusCode: 200, body: new RangeError("mine") }'])(
    'is a failure as %s',
    async (returned) => {
      const answer = await served.invoke('returns', returned);
      expect([answer.status, answer.json]).toEqual([
        502,
        expect.objectContaining({ code: 'FUNCTION_ERROR', errorType: 'RangeError', errorMessage: 'mine' }),
      ]);
    },
  );

  it('may come by a callback, however the handler knows of it, and is nothing when none comes', async () => {
    await served.deploy('callbacks', fixtureZip('callbacks'), { ...warm, handler: 'index.rest' });
    await expect(served.invoke('callbacks')).resolves.toMatchObject({ status: 200, json: 'late' });
    await served.deploy('never', fixtureZip('callbacks'), { ...warm, handler: 'index.work' });
    for (const text of ['', '']) {
      await expect(served.invoke('never')).resolves.toMatchObject({ status: 200, text });
    }
  });

  it('sets headers of one and of several values', async () => {
    const answer = await served.invoke('returns', '{ headers: { "X-One": "1", "X-Many": ["a", "b"] } }');
    expect([answer.headers.get('x-one'), answer.headers.get('x-many')]).toEqual(['1', 'a, b']);
  });

  it("does not reach the headers that are the server's", async () => {
    const own =
      '{ "content-length": "1", "transfer-encoding": "x", connection: "x", "x-glambdar-invocation-id": "x", traceparent: "x" }';
    const answer = await served.invoke('returns', `{ headers: ${own}, body: "whole" }`);
    expect([answer.status, answer.json]).toEqual([200, 'whole']);
    expect(answer.invocationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('traceparent')).toMatch(/^00-/);
  });
});
