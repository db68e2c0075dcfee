import fc from 'fast-check';
import type { DocumentedRoute } from './documented-routes.js';
import { oddForm, oddJson, oddText } from './odd-bodies.js';

/** One request as the bytes of a connection. */
export interface OddRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];

const encodedText = oddText.map((text) => encodeURIComponent(text.toWellFormed()));

const oddSegment = fc.oneof(
  { weight: 4, arbitrary: fc.constant('known') },
  fc.constantFrom(
    ...['unknown', 'A', '1', '0', '-1', '000000000000', '', '.', '..', '%2e%2e', '%00'],
    ...[
      '%',
      '%f',
      '%ff',
      '%E0%A4%A',
      '%ed%a0%80',
      '%2f',
      '%5c',
      ';a=1',
      '*',
      ':name',
      '__proto__',
      'constructor',
    ],
    ...[
      '99999999999999999999',
      '1e999',
      '@',
      '$',
      '&',
      '=',
      "'",
      '(',
      '~',
      '\u00e9',
      '\u0080',
      '|',
      '^',
      '`',
      '\\',
    ],
  ),
  encodedText.map((text) => text.slice(0, 2000)),
);

const oddValue = fc.oneof(
  encodedText,
  fc.constantFrom(
    ...['1', '0', '-1', '1.5', '1e3', '100', '99999999999999999999', 'true', 'false', 'known', 'ok', 'error'],
    ...[
      '%',
      '%ff',
      '%ed%a0%80',
      '[]',
      '&&',
      '=',
      'a=b',
      '2026-01-01T00:00:00Z',
      '+',
      '%00',
      'eyJhIjoxfQ',
      '%5B%5D',
    ],
  ),
);

function oddQuery(names: readonly string[]): fc.Arbitrary<string> {
  const known = [...names, 'limit', 'cursor', 'x'];
  const name = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...known) },
    fc.constantFrom(...known).map((parameter) => `${parameter}[]`),
    fc.constantFrom(...known).map((parameter) => `${parameter}[a][__proto__]`),
    encodedText,
  );
  return fc
    .array(fc.tuple(name, oddValue), { maxLength: 4 })
    .map((pairs) =>
      pairs.length === 0 ? '' : `?${pairs.map(([key, value]) => `${key}=${value}`).join('&')}`,
    );
}

const headerNames = [
  ...['accept', 'accept-encoding', 'authorization', 'baggage', 'cookie', 'content-encoding', 'content-type'],
  ...[
    'expect',
    'forwarded',
    'if-match',
    'if-none-match',
    'last-event-id',
    'origin',
    'prefer',
    'range',
    'referer',
  ],
  ...[
    'traceparent',
    'tracestate',
    'upgrade',
    'x-amzn-trace-id',
    'x-forwarded-for',
    'x-forwarded-proto',
    'x-request-id',
  ],
  ...['x-http-method-override', '__proto__', 'constructor', 'te', 'via', 'x-glambdar-invocation-id'],
];

/** What a header may hold on the wire: anything but control characters. */
const headerValue = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ',',
      ';',
      '=',
      '"',
      '*/*',
      'null',
      'Bearer',
      'Bearer ',
      'Basic YTpi',
      'Bearer glb_000000000000_x',
    ],
    ...[
      'application/json; charset=utf-16',
      'multipart/form-data',
      'text/html',
      'gzip, chunked',
      'bytes=0-1,-1,5-',
    ],
    ...[
      '00-00000000000000000000000000000000-0000000000000000-00',
      '100-continue',
      '"',
      'W/"1"',
      '\u00ff\u0080',
      '1, 2',
    ],
  ),
  oddText.map((text) => text.replaceAll(/[^\x20-\x7e\x80-\xff]/g, '?')),
);

const oddHeaders = fc.array(fc.tuple(fc.constantFrom(...headerNames), headerValue), { maxLength: 3 });

interface OddBody {
  readonly type: string;
  readonly bytes: Buffer;
}

function oddBody({ bodyTypes, bodyFields }: DocumentedRoute): fc.Arbitrary<OddBody> {
  const text = oddJson(bodyFields).map((json) => Buffer.from(json.toWellFormed()));
  const bytes = fc.oneof(
    { weight: 6, arbitrary: text },
    fc.uint8Array({ maxLength: 40 }).map((raw) => Buffer.from(raw)),
  );
  const jsonTypes = [...bodyTypes.filter((type) => type.includes('json')), 'application/json'];
  const json = fc.record({ type: fc.constantFrom(...jsonTypes), bytes });
  return bodyTypes.includes('multipart/form-data') ? oddForm(oddJson(bodyFields)) : json;
}

/** Requests for one route: nearly right, so that they come as far as its own code, and odd somewhere. */
export function oddRequest(route: DocumentedRoute): fc.Arbitrary<OddRequest> {
  const path = route.path.split('/').map((part) => (part.startsWith('{') ? oddSegment : fc.constant(part)));
  return fc
    .record({
      method: fc.oneof({ weight: 9, arbitrary: fc.constant(route.method) }, fc.constantFrom(...methods)),
      path: fc.tuple(...path).map((parts) => parts.join('/')),
      query: oddQuery(route.queryNames),
      headers: oddHeaders,
      body: fc.option(oddBody(route), { freq: route.bodyTypes.length > 0 ? 9 : 1 }),
    })
    .map(({ method, path: target, query, headers, body }) => ({
      method,
      target: (target === '' ? '/' : target) + query,
      headers: body ? [['content-type', body.type] as const, ...headers] : headers,
      body: body?.bytes ?? Buffer.alloc(0),
    }));
}

/** The request on a connection of its own. */
export function bytesOf({ method, target, headers, body }: OddRequest, key: string): Buffer {
  const hasOwnKey = headers.some(([name]) => name === 'authorization');
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    ...(hasOwnKey ? [] : [`Authorization: Bearer ${key}`]),
    ...(body.length > 0 ? [`Content-Length: ${body.length}`] : []),
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}
