import { RawConnection, rawRequest } from '../../support/raw-connection.js';

/** Bytes that no decent client sends, and the status that answers them; the connection then ends or goes on in step. */
export interface RudeRequest {
  readonly title: string;
  meet(port: number): Promise<void>;
}

const head = (lines: readonly string[]) => `${lines.join('\r\n')}\r\n\r\n`;
const form = (parts: string) =>
  rawRequest('POST', '/deploy', parts, ['Content-Type: multipart/form-data; boundary=b']);
const part = (disposition: string, content: string) =>
  `--b\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
const file = (name: string) => part(`name="file"; filename="${name}"`, 'PK');

const expectations: readonly (readonly [title: string, bytes: string, statuses: readonly number[]])[] = [
  ['no HTTP at all', 'hello\r\n\r\n', [400]],
  ['a TLS greeting', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', [400]],
  ['no host', head(['GET /info HTTP/1.1']), [400]],
  ['two hosts', head(['GET /info HTTP/1.1', 'Host: 127.0.0.1', 'Host: b']), [400, 403]],
  [
    'length and chunks',
    head([
      'POST /invoke/waits HTTP/1.1',
      'Host: 127.0.0.1',
      'Content-Length: 5',
      'Transfer-Encoding: chunked',
    ]) + '0\r\n\r\n',
    [400],
  ],
  [
    'two lengths',
    head(['POST /invoke/waits HTTP/1.1', 'Host: 127.0.0.1', 'Content-Length: 5', 'Content-Length: 6']) +
      'abcdef',
    [400],
  ],
  [
    'a negative length',
    head(['POST /invoke/waits HTTP/1.1', 'Host: 127.0.0.1', 'Content-Length: -1']),
    [400],
  ],
  [
    'chunked twice',
    head(['POST /invoke/waits HTTP/1.1', 'Host: 127.0.0.1', 'Transfer-Encoding: chunked, chunked']) +
      '0\r\n\r\n',
    [400, 200, 501],
  ],
  [
    'a transfer coding of no meaning',
    head(['POST /invoke/waits HTTP/1.1', 'Host: 127.0.0.1', 'Transfer-Encoding: xchunked']),
    [400, 501],
  ],
  [
    'a chunk of no length',
    head(['POST /invoke/waits HTTP/1.1', 'Host: 127.0.0.1', 'Transfer-Encoding: chunked']) + 'zz\r\n',
    [400],
  ],
  ['a header folded over lines', head(['GET /info HTTP/1.1', 'Host: 127.0.0.1', 'X-A: b', ' c']), [400, 200]],
  ['a space before the colon', head(['GET /info HTTP/1.1', 'Host: 127.0.0.1', 'Content-Length : 5']), [400]],
  [
    'a bare line feed in a header',
    'GET /info HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b\nContent-Length: 5\r\n\r\n',
    [400],
  ],
  ['a NUL in a header', head(['GET /info HTTP/1.1', 'Host: 127.0.0.1', 'X-A: b\0c']), [400]],
  [
    'headers beyond their limit',
    head(['GET /info HTTP/1.1', 'Host: 127.0.0.1', `X-A: ${'b'.repeat(20_000)}`]),
    [431],
  ],
  [
    'a thousand headers',
    head(['GET /info HTTP/1.1', 'Host: 127.0.0.1', ...Array.from({ length: 1000 }, (_, n) => `x-${n}: v`)]),
    [200, 431],
  ],
  ['a path beyond the limit', head([`GET /${'a'.repeat(20_000)} HTTP/1.1`, 'Host: 127.0.0.1']), [414, 431]],
  ['HTTP/2 over plain text', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, 505]],
  ['HTTP/9', head(['GET /info HTTP/9.9', 'Host: 127.0.0.1']), [400, 505]],
  ['CONNECT', head(['CONNECT 169.254.169.254:80 HTTP/1.1', 'Host: 127.0.0.1']), [400, 404, 405, 501]],
  ['TRACE', head(['TRACE /info HTTP/1.1', 'Host: 127.0.0.1', 'Cookie: a=b']), [404, 405, 501]],
  ['a method that is none', head(['STEAL /info HTTP/1.1', 'Host: 127.0.0.1']), [400, 405]],
  [
    'an upgrade to nothing',
    head([
      'GET /info HTTP/1.1',
      'Host: 127.0.0.1',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: eA==',
    ]),
    [200, 400, 426],
  ],
  [
    'an expectation that nobody meets',
    head(['GET /info HTTP/1.1', 'Host: 127.0.0.1', 'Expect: miracles']),
    [417],
  ],
  [
    'an address in place of the path',
    head(['GET http://169.254.169.254/latest HTTP/1.1', 'Host: 127.0.0.1']),
    [403, 404],
  ],
  [
    'a body far above the limit',
    head(['POST /invoke/waits HTTP/1.1', 'Host: 127.0.0.1', 'Content-Length: 99999999999']),
    [413],
  ],
  ...[
    'Idempotency-Key: ',
    'Idempotency-Key: "',
    `Idempotency-Key: ${'k'.repeat(256)}`,
    'Idempotency-Key: \xff\xfe',
    'Idempotency-Key: a\r\nIdempotency-Key: b',
    'X-Ordering-Key: ',
    'X-Ordering-Key: \x80',
    `X-Ordering-Key: ${'k'.repeat(8000)}`,
    'X-Ordering-Key: a\r\nX-Ordering-Key: a',
  ].map(
    (line) =>
      [
        `an event with ${JSON.stringify(line.slice(0, 40))}`,
        rawRequest('POST', '/invoke/waits', 'x', ['Prefer: respond-async', line]),
        [400],
      ] as const,
  ),
  [
    'an endless preference',
    rawRequest('POST', '/invoke/nobody', 'x', [`Prefer: respond-async;${'"\\'.repeat(3000)}`]),
    [404],
  ],
  ['a deep query', rawRequest('GET', `/info?${'a[b]'.repeat(500)}=1`), [200]],
  ['a query that names a prototype', rawRequest('GET', '/info?__proto__[x]=1&constructor=2'), [200]],
  [
    'a form without a boundary',
    rawRequest('POST', '/deploy', 'x', ['Content-Type: multipart/form-data']),
    [400],
  ],
  ['a form without an end', form(part('name="file"; filename="f.zip"', 'PK')), [400]],
  ['a form that is empty', form('--b--\r\n'), [400]],
  ['a form of two files', form(`${file('a.zip')}${file('b.zip')}--b--\r\n`), [400]],
  ['a file in another field', form(`${part('name="zip"; filename="a.zip"', 'PK')}--b--\r\n`), [400]],
  ['a file without a name', form(`${part('name="file"', 'PK')}--b--\r\n`), [400]],
  ['a file of no bytes', form(`${part('name="file"; filename="a.zip"', '')}--b--\r\n`), [400]],
  [
    'twenty fields',
    form(`${Array.from({ length: 20 }, (_, n) => part(`name="f${n}"`, 'v')).join('')}--b--\r\n`),
    [400, 413],
  ],
  [
    'a field that names a prototype',
    form(`${part('name="__proto__[x]"', 'v')}${file('a.zip')}--b--\r\n`),
    [400],
  ],
  [
    'a hundred headers of a part',
    form(`--b\r\n${Array.from({ length: 100 }, (_, n) => `x-${n}: v\r\n`).join('')}\r\nPK\r\n--b--\r\n`),
    [400, 413],
  ],
  ...[
    '../x.zip',
    '/etc/x.zip',
    'C:\\x.zip',
    '..',
    '.zip',
    '...zip',
    'a/b.zip',
    'a%2fb.zip',
    'é.zip',
    `${'a'.repeat(65)}.zip`,
    'a b.zip',
    '__proto__.zip',
  ].map((name) => [`the file name ${name}`, form(`${file(name)}--b--\r\n`), [400]] as const),
];

export const rudeRequests: readonly RudeRequest[] = expectations.map(([title, bytes, statuses]) => ({
  title,
  async meet(port) {
    const connection = await RawConnection.open(port);
    try {
      connection.write(bytes);
      const response = await connection.statusAndRest();
      if (!response) throw new Error('The connection ended without an answer.');
      if (!statuses.includes(response.status)) throw new Error(`${response.status} ${response.rest}`);
      if (/node_modules|\/src\/|at .*\.js:\d/.test(response.rest))
        throw new Error(`It tells too much: ${response.rest}`);
    } finally {
      connection.destroy();
    }
  },
}));
