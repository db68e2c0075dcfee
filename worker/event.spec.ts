import { httpPresentation, invokeMessage } from '../test/support/messages.js';
import type { HttpPresentation } from '../src/ipc/protocol/messages.js';
import { createEvent } from './event.js';

function eventOf(changes: Partial<HttpPresentation> = {}, body: string | Buffer = '') {
  return createEvent('myfunc', invokeMessage, { ...httpPresentation, ...changes }, Buffer.from(body));
}

describe('the event', () => {
  it('is a function-URL event of format 2.0', () => {
    const headers = { host: 'localhost:8000', 'user-agent': 'curl', 'x-many': ['a', 'b'] };
    expect(JSON.parse(JSON.stringify(eventOf({ headers }, 'text')))).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a/b',
      rawQueryString: 'x=1',
      queryStringParameters: { x: '1' },
      headers,
      cookies: [],
      requestContext: {
        accountId: 'anonymous',
        apiId: 'myfunc',
        domainName: 'localhost:8000',
        domainPrefix: 'myfunc',
        http: {
          method: 'POST',
          path: '/a/b',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'curl',
        },
        requestId: 'call-1',
        routeKey: '$default',
        stage: '$default',
        time: '02/Jan/2026:03:04:05 +0000',
        timeEpoch: invokeMessage.timeEpoch,
      },
      body: 'text',
      isBase64Encoded: false,
    });
  });

  it('has the domain by which the client called, also behind a proxy', () => {
    const headers = { host: '127.0.0.1:8000', 'x-forwarded-host': 'fn.example.com' };
    expect(eventOf({ headers }).requestContext.domainName).toBe('fn.example.com');
  });

  it.each([
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&a=2&a=3', { a: '1,2,3' }],
    ['a=%C3%BC&b=x+y&c', { a: 'ü', b: 'x y', c: '' }],
    ['a=%zz', { a: '%zz' }],
    [
      '__proto__=1&constructor=2',
      Object.fromEntries([
        ['__proto__', '1'],
        ['constructor', '2'],
      ]),
    ],
  ])('has the parameters of the query %j', (rawQueryString, expected) => {
    const { queryStringParameters } = eventOf({ rawQueryString });
    expect(Object.entries(queryStringParameters)).toEqual(Object.entries(expected));
    expect(Object.getPrototypeOf(queryStringParameters)).toBe(Object.prototype);
  });

  it.each([
    [{}, []],
    [{ cookie: 'a=1' }, ['a=1']],
    [{ cookie: 'a=1; b=2' }, ['a=1', 'b=2']],
    [{ cookie: ['a=1', 'b=2; c=3'] }, ['a=1', 'b=2', 'c=3']],
  ])('has the cookies of %j', (headers, cookies) => {
    expect(eventOf({ headers }).cookies).toEqual(cookies);
  });

  it.each([
    ['text', 'grüße', 'grüße', false],
    ['nothing', '', '', false],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0x00]), '/wA=', true],
  ])('has a body of %s', (_, body, expected, isBase64Encoded) => {
    expect(eventOf({}, body)).toMatchObject({ body: expected, isBase64Encoded });
  });

  it('parses its body as JSON, also when the method is taken out of it', async () => {
    const { json } = eventOf({}, '{"a":[1]}');
    await expect(json()).resolves.toEqual({ a: [1] });
  });

  it.each(['{"a":[1]}', '"\uFEFF"', ' 1'])(
    'parses %j also when it begins with a byte order mark, which stays in the text',
    async (json) => {
      const event = eventOf({}, `\uFEFF${json}`);
      await expect(event.json()).resolves.toEqual(JSON.parse(json));
      expect(event).toMatchObject({ body: `\uFEFF${json}`, isBase64Encoded: false });
    },
  );

  it.each([
    ['with its mark', '\uFEFF{"a":1}'],
    ['without one', '{"a":1}'],
  ])('asks for UTF-8 when it is sent UTF-16 %s', async (_, text) => {
    const bytes = Buffer.from(text, 'utf16le');
    for (const body of [bytes, Buffer.from(bytes).swap16()]) {
      await expect(eventOf({}, body).json()).rejects.toThrow('it is not UTF-8 text; send it as UTF-8.');
    }
  });

  it.each([
    ['nothing', '', 'The request has no body, so there is no JSON in it.'],
    ['nothing but a byte order mark', '\uFEFF', 'The request has no body, so there is no JSON in it.'],
    ['two byte order marks', '\uFEFF\uFEFF1', "The request's body is not valid JSON: "],
    ['broken JSON', '{"a":', "The request's body is not valid JSON: "],
    [
      'bytes',
      Buffer.from([0xff]),
      "The request's body is not valid JSON: it is not UTF-8 text; send it as UTF-8.",
    ],
  ])('says so when its body is %s', async (_, body, message) => {
    await expect(eventOf({}, body).json()).rejects.toThrow(message);
  });

  it('may be changed and copied like any object', () => {
    const event = eventOf({}, '{"a":1}');
    expect({ ...event }).not.toHaveProperty('json');
    expect(Object.assign(event, { body: { parsed: true } })).toHaveProperty('body.parsed', true);
  });
});
