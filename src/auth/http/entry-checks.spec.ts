import { requestProblem } from './entry-checks.js';

/** A request as Node gives it, of these raw headers. */
function requestOf(
  ...lines: readonly (readonly [name: string, value: string])[]
): Parameters<typeof requestProblem>[0] {
  const headers = Object.fromEntries(lines.map(([name, value]) => [name.toLowerCase(), value]));
  return { rawHeaders: lines.flat(), headers, httpVersion: '1.1' };
}

const host = ['Host', 'x'] as const;

describe('a request that Node would read otherwise than a proxy', () => {
  it.each(['gzip, chunked', 'x, chunked', 'chunked, chunked', 'xchunked', 'identity', ''])(
    'is refused for its transfer coding: %j',
    (coding) => {
      expect(requestProblem(requestOf(host, ['Transfer-Encoding', coding]))).toMatchObject({
        code: 'UNSUPPORTED_TRANSFER_CODING',
      });
    },
  );

  it.each(['chunked', 'Chunked', ' chunked '])('is taken with %j', (coding) => {
    expect(requestProblem(requestOf(host, ['Transfer-Encoding', coding]))).toBeUndefined();
  });

  it.each([
    ['no host', []],
    ['two', [host, ['HOST', 'y']]],
    ['the same twice', [host, host]],
  ] as const)('is refused where it names %s', (_, lines) => {
    expect(requestProblem(requestOf(...lines))).toMatchObject({ code: 'MALFORMED_REQUEST' });
  });

  it('may name no host in HTTP/1.0', () => {
    expect(requestProblem({ ...requestOf(), httpVersion: '1.0' })).toBeUndefined();
  });
});
