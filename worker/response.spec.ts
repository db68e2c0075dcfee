import { runInNewContext } from 'node:vm';
import type { ResponseFormat } from '../src/ipc/protocol/messages.js';
import { renderResponse } from './response.js';

async function render(returned: unknown, responseFormat: ResponseFormat = 'simple', maxResultBytes = 1000) {
  const rendered = await renderResponse(returned, { responseFormat, maxResultBytes });
  return rendered.kind === 'response' ? { ...rendered, body: rendered.body.toString('latin1') } : rendered;
}

const json = { 'content-type': 'application/json' };
const bytes = { 'content-type': 'application/octet-stream' };
const text = { 'content-type': 'text/plain' };

interface Row {
  readonly returned: unknown;
  readonly simple: readonly [status: number, headers: object, body: string];
  /** Undefined where both formats agree. */
  readonly lambda?: readonly [status: number, headers: object, body: string];
}

const twoCookies = new Headers({ 'X-A': 'b' });
twoCookies.append('set-cookie', 'a=1');
twoCookies.append('Set-Cookie', 'b=2');

const rows: Readonly<Record<string, Row>> = {
  undefined: { returned: undefined, simple: [200, {}, ''] },
  null: { returned: null, simple: [200, json, 'null'] },
  'a number': { returned: 42, simple: [200, json, '42'] },
  'a boolean': { returned: false, simple: [200, json, 'false'] },
  'an array': { returned: [1, 2], simple: [200, json, '[1,2]'] },
  'an object': { returned: { message: 'hi' }, simple: [200, json, '{"message":"hi"}'] },
  'an empty object': { returned: {}, simple: [200, json, '{}'] },
  'a string': { returned: 'hi', simple: [200, json, '"hi"'], lambda: [200, json, 'hi'] },
  'an invalid date': { returned: new Date(Number.NaN), simple: [200, json, 'null'] },
  'a lone surrogate': { returned: ['\ud800'], simple: [200, json, '["\\ud800"]'] },
  'a buffer': { returned: Buffer.from([1, 255]), simple: [200, bytes, '\x01\xff'] },
  'a view of part of a buffer': {
    returned: { statusCode: 200, body: new Uint8Array([1, 2, 3]).subarray(1) },
    simple: [200, bytes, '\x02\x03'],
  },
  'an array buffer': {
    returned: { statusCode: 200, body: new Uint8Array([7]).buffer },
    simple: [200, bytes, '\x07'],
  },
  'a status alone': { returned: { statusCode: 204 }, simple: [204, {}, ''] },
  'a body alone': {
    returned: { body: { a: 1 } },
    simple: [200, json, '{"a":1}'],
    lambda: [200, json, '{"body":{"a":1}}'],
  },
  'headers alone': {
    returned: { headers: { A: 'b' } },
    simple: [200, { a: 'b' }, ''],
    lambda: [200, json, '{"headers":{"A":"b"}}'],
  },
  'a body of null': { returned: { statusCode: 200, body: null }, simple: [200, json, 'null'] },
  'a body of undefined': { returned: { statusCode: 200, body: undefined }, simple: [200, {}, ''] },
  'a body of text': {
    returned: { statusCode: 201, body: 'hi' },
    simple: [201, json, '"hi"'],
    lambda: [201, json, 'hi'],
  },
  'a body of text with its own type': {
    returned: { statusCode: 200, headers: { 'Content-Type': 'text/plain' }, body: 'hi' },
    simple: [200, text, 'hi'],
  },
  'an object with its own type': {
    returned: { statusCode: 200, headers: { 'content-type': 'application/ld+json' }, body: { a: 1 } },
    simple: [200, { 'content-type': 'application/ld+json' }, '{"a":1}'],
  },
  'base64 text': {
    returned: { statusCode: 200, isBase64Encoded: true, body: '/wE=' },
    simple: [200, bytes, '\xff\x01'],
    lambda: [200, json, '\xff\x01'],
  },
  'base64 text with its own type': {
    returned: { statusCode: 200, isBase64Encoded: true, headers: text, body: 'aGk=' },
    simple: [200, text, 'hi'],
  },
  cookies: {
    returned: { statusCode: 200, cookies: ['a=1', 'b=2'], headers: { 'Set-Cookie': 'c=3' } },
    simple: [200, { 'set-cookie': ['c=3', 'a=1', 'b=2'] }, ''],
  },
  'headers of several kinds': {
    returned: { statusCode: 200, headers: { A: ['b', 'c'], Count: 5, Flag: true } },
    simple: [200, { a: ['b', 'c'], count: '5', flag: 'true' }, ''],
  },
  'headers of the web': {
    returned: { statusCode: 200, headers: new Headers({ 'X-A': 'b' }) },
    simple: [200, { 'x-a': 'b' }, ''],
  },
  'a header sent twice, and others once': {
    returned: { statusCode: 200, headers: twoCookies },
    simple: [200, { 'x-a': 'b', 'set-cookie': ['a=1', 'b=2'] }, ''],
  },
  'a list of headers': {
    returned: {
      statusCode: 200,
      headers: [
        ['Vary', 'a'],
        ['vary', 'b'],
        ['X-A', undefined],
      ],
    },
    simple: [200, { vary: ['a', 'b'] }, ''],
  },
  'a Map of headers': {
    returned: {
      statusCode: 200,
      headers: new Map<string, unknown>([
        ['Set-Cookie', ['a=1', 'b=2']],
        ['N', 1],
      ]),
    },
    simple: [200, { 'set-cookie': ['a=1', 'b=2'], n: '1' }, ''],
  },
  'headers of node-fetch, which joins cookies unless asked for its raw ones': {
    returned: {
      statusCode: 200,
      headers: {
        *[Symbol.iterator]() {
          yield ['set-cookie', 'a=1, b=2'];
        },
        raw: () => ({ 'set-cookie': ['a=1', 'b=2'] }),
      },
    },
    simple: [200, { 'set-cookie': ['a=1', 'b=2'] }, ''],
  },
  'cookies in names of several spellings': {
    returned: {
      statusCode: 200,
      headers: { 'Set-Cookie': 'a=1', 'set-cookie': ['b=2'], 'SET-COOKIE': 'c=3' },
    },
    simple: [200, { 'set-cookie': ['a=1', 'b=2', 'c=3'] }, ''],
  },
  'a type in two spellings, of which the later counts': {
    returned: {
      statusCode: 200,
      headers: { 'Content-Type': 'text/html', 'content-type': 'text/plain' },
      body: 'hi',
    },
    simple: [200, text, 'hi'],
  },
  'headers of several values, in AWS format 1.0': {
    returned: {
      statusCode: 200,
      headers: { 'X-A': 'a', 'X-B': 'b', 'set-cookie': 'a=1' },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], 'x-b': ['c', 'd'] },
    },
    simple: [200, { 'x-a': 'a', 'x-b': ['c', 'd'], 'set-cookie': ['a=1', 'b=2'] }, ''],
  },
  'headers without a value': {
    returned: {
      headers: {
        A: undefined,
        B: null,
        C: ['c', undefined, null],
        D: [undefined],
        'content-type': undefined,
      },
      statusCode: 200,
      cookies: [undefined, 'a=1', null],
      body: [1],
    },
    simple: [200, { c: ['c'], 'set-cookie': ['a=1'], ...json }, '[1]'],
  },
  'headers that are a date, an address and a large number': {
    returned: {
      statusCode: 302,
      headers: { 'Last-Modified': new Date(0), Location: new URL('http://a.test/b'), 'X-N': 1n },
    },
    simple: [
      302,
      { 'last-modified': 'Thu, 01 Jan 1970 00:00:00 GMT', location: 'http://a.test/b', 'x-n': '1' },
      '',
    ],
  },
  'a status in digits': { returned: { statusCode: '404' }, simple: [404, {}, ''] },
  'a value with a body among other things': {
    returned: { id: 1, title: 'a', body: 'b' },
    simple: [200, json, '{"id":1,"title":"a","body":"b"}'],
  },
  'a value with headers among other things': {
    returned: { url: '/', headers: {} },
    simple: [200, json, '{"url":"/","headers":{}}'],
  },
  'a value with a status of another name': {
    returned: { status: 404, body: 'no' },
    simple: [200, json, '{"status":404,"body":"no"}'],
  },
  'a value with a status undefined': {
    returned: { statusCode: undefined, id: 1 },
    simple: [200, json, '{"id":1}'],
  },
  'a response with other things beside its status': {
    returned: { statusCode: 404, id: 1, body: { a: 1 } },
    simple: [404, json, '{"a":1}'],
  },
  'a response with something else undefined': {
    returned: { body: { a: 1 }, error: undefined },
    simple: [200, json, '{"a":1}'],
    lambda: [200, json, '{"body":{"a":1}}'],
  },
  'nothing but what is undefined': { returned: { id: undefined }, simple: [200, json, '{}'] },
  'cookies alone': {
    returned: { cookies: ['a=1'] },
    simple: [200, { 'set-cookie': ['a=1'] }, ''],
    lambda: [200, json, '{"cookies":["a=1"]}'],
  },
  'a promise as body': {
    returned: { statusCode: 201, body: Promise.resolve({ a: 1 }) },
    simple: [201, json, '{"a":1}'],
  },
  'promises as every part': {
    returned: {
      statusCode: Promise.resolve(201),
      headers: Promise.resolve(text),
      cookies: Promise.resolve(['a=1']),
      body: Promise.resolve('aGk='),
      isBase64Encoded: Promise.resolve(true),
    },
    simple: [201, { ...text, 'set-cookie': ['a=1'] }, 'hi'],
  },
  'a body that is awaited as a promise is': {
    returned: {
      statusCode: 200,
      body: {
        then: (resolve: (value: unknown) => void) => {
          resolve([1]);
        },
      },
    },
    simple: [200, json, '[1]'],
  },
  'the JSON of an object': {
    returned: { statusCode: 200, body: '{"a":[1, 2]}' },
    simple: [200, json, '{"a":[1, 2]}'],
  },
  'the JSON of an array, returned by itself': { returned: '\n[ 1 ]\n', simple: [200, json, '\n[ 1 ]\n'] },
  'text that only begins like JSON': {
    returned: { statusCode: 200, body: '{a}' },
    simple: [200, json, '"{a}"'],
    lambda: [200, json, '{a}'],
  },
  'text that only begins and does not end like JSON': {
    returned: { statusCode: 200, body: '[1] and so on' },
    simple: [200, json, '"[1] and so on"'],
    lambda: [200, json, '[1] and so on'],
  },
  'the JSON of a string, which is text like any other': {
    returned: { statusCode: 200, body: '"a"' },
    simple: [200, json, '"\\"a\\""'],
    lambda: [200, json, '"a"'],
  },
  'the JSON of a number, which is text like any other': {
    returned: { statusCode: 200, body: '42' },
    simple: [200, json, '"42"'],
    lambda: [200, json, '42'],
  },
  'a blob': { returned: new Blob(['hi'], { type: 'text/plain' }), simple: [200, text, 'hi'] },
  'a blob of no type': { returned: { statusCode: 201, body: new Blob(['hi']) }, simple: [201, bytes, 'hi'] },
  'headers null': { returned: { statusCode: 200, headers: null, cookies: null }, simple: [200, {}, ''] },
};

describe('what a handler returns', () => {
  describe.each(Object.entries(rows))('as %s', (_, { returned, simple, lambda = simple }) => {
    it.each([
      ['simple', simple],
      ['lambda', lambda],
    ] as const)('is the response that the format %s says', async (format, [statusCode, headers, body]) => {
      await expect(render(returned, format)).resolves.toEqual({
        kind: 'response',
        statusCode,
        headers,
        body,
      });
    });
  });

  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  let deep: unknown = 0;
  for (let level = 0; level < 100_000; level += 1) deep = [deep];

  it.each<[string, unknown]>([
    ['a cycle', cycle],
    ['a BigInt', 1n],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a body that is a function', { statusCode: 200, body: () => 1 }],
    [
      'a toJSON that throws',
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
    ],
    ['a toJSON that gives nothing', { toJSON: () => undefined }],
    ['nesting without end', deep],
    ['a status in more than digits', { statusCode: ' 404 ' }],
    ['a status in digits and a point', { statusCode: '404.0' }],
    ['a status in no digits', { statusCode: '' }],
    ['a status in digits that is none', { statusCode: '099' }],
    ['a status that is a BigInt', { statusCode: 404n }],
    ['a status that is an object', { statusCode: {} }],
    ['a status of 200.5', { statusCode: 200.5 }],
    ['a status of 99', { statusCode: 99 }],
    ['a status of 101', { statusCode: 101 }],
    ['a status of 600', { statusCode: 600 }],
    ['a status of null', { statusCode: null }],
    ['headers that are text', { statusCode: 200, headers: 'a: b' }],
    ['headers that are an array', { statusCode: 200, headers: ['a: b'] }],
    ['a header that is an object', { statusCode: 200, headers: { a: {} } }],
    ['a header that is an object in its array', { statusCode: 200, headers: { a: ['b', {}] } }],
    ['a header that is a date which is none', { statusCode: 200, headers: { a: new Date(Number.NaN) } }],
    ['headers that are a list of no pairs', { statusCode: 200, headers: [['a', 'b', 'c']] }],
    ['cookies that are text', { statusCode: 200, cookies: 'a=1' }],
    ['cookies that are numbers', { statusCode: 200, cookies: [1] }],
  ])('is refused as %s', async (_, returned) => {
    await expect(render(returned)).resolves.toEqual({
      kind: 'invalid-result',
      reason: expect.stringMatching(/\.$/) as string,
    });
  });

  it.each([
    [700, '700'],
    ['404.0', '"404.0"'],
    [404n, 'a bigint'],
    [null, 'null'],
    [{}, 'an object'],
  ])('says what is wrong with a status of %p', async (statusCode, said) => {
    await expect(render({ statusCode })).resolves.toHaveProperty(
      'reason',
      `The function's status must be an integer from 200 to 599, not ${said}.`,
    );
  });

  it('says which header cannot be sent', async () => {
    await expect(render({ headers: { 'X-Options': {} } })).resolves.toHaveProperty(
      'reason',
      expect.stringMatching(/^The function's header "x-options" must be a string, a number/),
    );
  });

  it('may have a body of the largest size, and no byte more', async () => {
    const kindOf = async (body: string, headers: object = text) => (await render({ headers, body })).kind;
    await expect(kindOf('x'.repeat(1000))).resolves.toBe('response');
    await expect(kindOf('x'.repeat(1001))).resolves.toBe('result-too-large');
    // It is bytes that count, not characters.
    await expect(kindOf('ü'.repeat(501))).resolves.toBe('result-too-large');
    await expect(kindOf(`[${' '.repeat(998)}]`, {})).resolves.toBe('response');
    await expect(kindOf(`[${' '.repeat(999)}]`, {})).resolves.toBe('result-too-large');
  });

  class OwnError extends RangeError {}
  const own = new OwnError('mine');
  const foreign = runInNewContext('new TypeError("elsewhere")') as Error;
  const throwsOwn = () => {
    throw own;
  };

  it.each<[string, () => unknown, Error]>([
    ['an error returned', () => own, own],
    ['an error of another realm', () => foreign, foreign],
    ['an error with a status of its own', () => Object.assign(new OwnError(), own, { statusCode: 404 }), own],
    ['an error as body', () => ({ statusCode: 400, body: own }), own],
    ['a promise of an error as body', () => ({ statusCode: 200, body: Promise.resolve(own) }), own],
    ['a body whose promise rejects', () => ({ statusCode: 200, body: Promise.reject(own) }), own],
    [
      'several parts whose promises reject',
      () => ({ statusCode: Promise.reject(own), body: Promise.reject(own) }),
      own,
    ],
    ['a getter that throws', () => Object.defineProperty({}, 'statusCode', { get: throwsOwn }), own],
    ['a proxy that throws', () => new Proxy({}, { get: throwsOwn }), own],
  ])('is a failure, as if thrown: %s', async (_, returned, error) => {
    for (const format of ['simple', 'lambda'] as const) {
      await expect(render(returned(), format)).rejects.toBeInstanceOf(error.constructor);
    }
  });
});
