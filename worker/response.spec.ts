import type { ResponseFormat } from '../src/ipc/protocol/messages.js';
import { renderResponse } from './response.js';

function render(returned: unknown, responseFormat: ResponseFormat = 'seed', maxResultBytes = 1000) {
  const rendered = renderResponse(returned, { responseFormat, maxResultBytes });
  return rendered.kind === 'response' ? { ...rendered, body: rendered.body.toString('latin1') } : rendered;
}

const json = { 'content-type': 'application/json' };
const bytes = { 'content-type': 'application/octet-stream' };
const text = { 'content-type': 'text/plain' };

interface Row {
  readonly returned: unknown;
  readonly seed: readonly [status: number, headers: object, body: string];
  /** Undefined where both formats agree. */
  readonly lambda?: readonly [status: number, headers: object, body: string];
}

const rows: Readonly<Record<string, Row>> = {
  undefined: { returned: undefined, seed: [200, {}, ''] },
  null: { returned: null, seed: [200, json, 'null'] },
  'a number': { returned: 42, seed: [200, json, '42'] },
  'a boolean': { returned: false, seed: [200, json, 'false'] },
  'an array': { returned: [1, 2], seed: [200, json, '[1,2]'] },
  'an object': { returned: { message: 'hi' }, seed: [200, json, '{"message":"hi"}'] },
  'an empty object': { returned: {}, seed: [200, json, '{}'] },
  'a string': { returned: 'hi', seed: [200, json, '"hi"'], lambda: [200, json, 'hi'] },
  'an invalid date': { returned: new Date(Number.NaN), seed: [200, json, 'null'] },
  'a lone surrogate': { returned: ['\ud800'], seed: [200, json, '["\\ud800"]'] },
  'a buffer': { returned: Buffer.from([1, 255]), seed: [200, bytes, '\x01\xff'] },
  'a view of part of a buffer': {
    returned: { statusCode: 200, body: new Uint8Array([1, 2, 3]).subarray(1) },
    seed: [200, bytes, '\x02\x03'],
  },
  'an array buffer': {
    returned: { statusCode: 200, body: new Uint8Array([7]).buffer },
    seed: [200, bytes, '\x07'],
  },
  'a status alone': { returned: { statusCode: 204 }, seed: [204, {}, ''] },
  'a body alone': {
    returned: { body: { a: 1 } },
    seed: [200, json, '{"a":1}'],
    lambda: [200, json, '{"body":{"a":1}}'],
  },
  'headers alone': {
    returned: { headers: { A: 'b' } },
    seed: [200, { a: 'b' }, ''],
    lambda: [200, json, '{"headers":{"A":"b"}}'],
  },
  'a body of null': { returned: { statusCode: 200, body: null }, seed: [200, json, 'null'] },
  'a body of undefined': { returned: { statusCode: 200, body: undefined }, seed: [200, {}, ''] },
  'a body of text': {
    returned: { statusCode: 201, body: 'hi' },
    seed: [201, json, '"hi"'],
    lambda: [201, json, 'hi'],
  },
  'a body of text with its own type': {
    returned: { statusCode: 200, headers: { 'Content-Type': 'text/plain' }, body: 'hi' },
    seed: [200, text, 'hi'],
  },
  'an object with its own type': {
    returned: { statusCode: 200, headers: { 'content-type': 'application/ld+json' }, body: { a: 1 } },
    seed: [200, { 'content-type': 'application/ld+json' }, '{"a":1}'],
  },
  'base64 text': {
    returned: { statusCode: 200, isBase64Encoded: true, body: '/wE=' },
    seed: [200, bytes, '\xff\x01'],
    lambda: [200, json, '\xff\x01'],
  },
  'base64 text with its own type': {
    returned: { statusCode: 200, isBase64Encoded: true, headers: text, body: 'aGk=' },
    seed: [200, text, 'hi'],
  },
  cookies: {
    returned: { statusCode: 200, cookies: ['a=1', 'b=2'], headers: { 'Set-Cookie': 'c=3' } },
    seed: [200, { 'set-cookie': ['c=3', 'a=1', 'b=2'] }, ''],
  },
  'headers of several kinds': {
    returned: { statusCode: 200, headers: { A: ['b', 'c'], Count: 5, Flag: true } },
    seed: [200, { a: ['b', 'c'], count: '5', flag: 'true' }, ''],
  },
  'headers of the web': {
    returned: { statusCode: 200, headers: new Headers({ 'X-A': 'b' }) },
    seed: [200, { 'x-a': 'b' }, ''],
  },
  'headers null': { returned: { statusCode: 200, headers: null, cookies: null }, seed: [200, {}, ''] },
};

describe('what a handler returns', () => {
  describe.each(Object.entries(rows))('as %s', (_, { returned, seed, lambda = seed }) => {
    it.each([
      ['seed', seed],
      ['lambda', lambda],
    ] as const)('is the response that the format %s says', (format, [statusCode, headers, body]) => {
      expect(render(returned, format)).toEqual({ kind: 'response', statusCode, headers, body });
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
    [
      'a getter that throws',
      {
        get statusCode() {
          throw new Error('no');
        },
      },
    ],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          has: () => {
            throw new Error('no');
          },
        },
      ),
    ],
    ['nesting without end', deep],
    ['a status that is text', { statusCode: '200' }],
    ['a status of 200.5', { statusCode: 200.5 }],
    ['a status of 99', { statusCode: 99 }],
    ['a status of 101', { statusCode: 101 }],
    ['a status of 600', { statusCode: 600 }],
    ['a status of null', { statusCode: null }],
    ['headers that are text', { statusCode: 200, headers: 'a: b' }],
    ['headers that are an array', { statusCode: 200, headers: ['a: b'] }],
    ['a header undefined', { statusCode: 200, headers: { a: undefined } }],
    ['a header that is an object', { statusCode: 200, headers: { a: {} } }],
    ['a header with a null in its array', { statusCode: 200, headers: { a: ['b', null] } }],
    ['cookies that are text', { statusCode: 200, cookies: 'a=1' }],
    ['cookies that are numbers', { statusCode: 200, cookies: [1] }],
  ])('is refused as %s', (_, returned) => {
    expect(render(returned)).toEqual({
      kind: 'invalid-result',
      reason: expect.stringMatching(/\.$/) as string,
    });
  });

  it('says what is wrong with a status', () => {
    expect(render({ statusCode: 700 })).toHaveProperty(
      'reason',
      "The function's status must be an integer from 200 to 599, not 700.",
    );
  });

  it('may have a body of the largest size, and no byte more', () => {
    expect(render({ headers: text, body: 'x'.repeat(1000) })).toHaveProperty('kind', 'response');
    expect(render({ headers: text, body: 'x'.repeat(1001) })).toHaveProperty('kind', 'result-too-large');
    // It is bytes that count, not characters.
    expect(render({ headers: text, body: 'ü'.repeat(501) })).toHaveProperty('kind', 'result-too-large');
  });
});
