import { defaultIpcSettings } from '../../test/support/temporary-ipc.js';
import type { HeaderValues } from './protocol/messages.js';
import { checkResponse } from './response-check.js';

const body = Buffer.from('body');

function check({ statusCode = 200, headers = {} as HeaderValues, content = body, maxResultBytes = 100 }) {
  const message = { type: 'result', invocationId: 'i', statusCode, headers } as const;
  return checkResponse(message, content, { ...defaultIpcSettings, maxResultBytes });
}

const refusal = (code: string) => expect.objectContaining({ code }) as Error;

describe('the check of a response', () => {
  it('lets status, headers and body pass as they are', () => {
    const headers = { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'], 'x-own': 'ü' };
    expect(check({ statusCode: 418, headers })).toEqual({ head: { statusCode: 418, headers }, body });
  });

  it.each([
    'glambdar_session_0123abcd=x; Path=/',
    'glambdar_session=; Max-Age=0',
    // Cookies without a name, whose values are sent like names.
    '=glambdar_session_0123abcd=x',
    ' = glambdar_session_0123abcd=x; Path=/ui',
  ])('loses a cookie that would take the place of a session: %j', (cookie) => {
    const answer = (setCookie: string | string[]) =>
      check({ headers: { 'set-cookie': setCookie } }).head?.headers;
    expect(answer(cookie)).toEqual({});
    expect(answer(['a=1', cookie, 'b=glambdar'])).toEqual({ 'set-cookie': ['a=1', 'b=glambdar'] });
  });

  it.each([200, 599])('takes status %d', (statusCode) => {
    expect(check({ statusCode }).head?.statusCode).toBe(statusCode);
  });

  it.each([0, 99, 100, 101, 103, 199, 600, 1000, -200, 200.5, Number.NaN])(
    'refuses status %d',
    (statusCode) => {
      expect(() => check({ statusCode })).toThrow(refusal('FUNCTION_INVALID_RESPONSE'));
    },
  );

  it.each([204, 205, 304])('drops the body of status %d', (statusCode) => {
    expect(check({ statusCode }).body).toHaveLength(0);
  });

  it('takes a body of the largest size and refuses one byte more', () => {
    expect(check({ content: Buffer.alloc(100) }).body).toHaveLength(100);
    expect(() => check({ content: Buffer.alloc(101) })).toThrow(refusal('FUNCTION_RESPONSE_TOO_LARGE'));
  });

  it.each([
    'content-length',
    'Transfer-Encoding',
    'connection',
    'keep-alive',
    'proxy-authenticate',
    'te',
    'trailer',
    'upgrade',
    'expect',
    'server',
    'date',
    'via',
    'X-Glambdar-Invocation-Id',
    'X-Sendfile',
    'X-Accel-Redirect',
    'x-reproxy-url',
    'X-Lighttpd-Send-File',
    'surrogate-control',
    'Service-Worker-Allowed',
    'Clear-Site-Data',
    'alt-svc',
    'Strict-Transport-Security',
    'NEL',
    'Report-To',
    'Accept-CH',
  ])('drops %s, which is the server’s, or an order to others', (name) => {
    expect(check({ headers: { [name]: '5', a: 'b' } }).head?.headers).toEqual({ a: 'b' });
  });

  it('drops what connection names, before or after it', () => {
    const headers = { 'x-first': '1', connection: 'X-First, x-last', 'x-last': '2', a: 'b' };
    expect(check({ headers }).head?.headers).toEqual({ a: 'b' });
  });

  it('writes names in lower case', () => {
    expect(check({ headers: { 'Content-Type': 'text/html' } }).head?.headers).toEqual({
      'content-type': 'text/html',
    });
  });

  it.each<[string, HeaderValues]>([
    ['a line break', { a: 'b\r\nset-cookie: c' }],
    ['a line break in an array', { a: ['b', 'c\nd'] }],
    ['a NUL', { a: 'b\0' }],
    ['a character beyond Latin-1', { a: '€' }],
    ['a space in its name', { 'a b': 'c' }],
    ['no name', { '': 'c' }],
    ['a space in the name of no value', { 'a b': [] }],
    ['8 KiB and more', { a: 'b'.repeat(8192) }],
    ['too many lines', { a: Array.from({ length: 65 }, () => 'b') }],
    ['too many names', Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`h${index}`, 'b']))],
    ['16 KiB and more in all', { a: 'b'.repeat(8000), c: 'd'.repeat(8000), e: 'f'.repeat(400) }],
  ])('refuses a header with %s', (_, headers) => {
    expect(() => check({ headers })).toThrow(refusal('FUNCTION_INVALID_RESPONSE'));
  });

  it.each<[HeaderValues, RegExp]>([
    [{ 'x-a': 'b\nc' }, /^The function's header "x-a" has a value/],
    [{ ['x'.repeat(65)]: '€' }, /"x{64}" has/],
    [{ 'a. All is well': 'b' }, /^The function set a header whose name HTTP cannot carry; [^.]+\.$/],
  ])('names a header that HTTP cannot carry where its name is one word: %j', (headers, message) => {
    expect(() => check({ headers })).toThrow(refusal('FUNCTION_INVALID_RESPONSE'));
    expect(() => check({ headers })).toThrow(message);
    // A cause would be what the worker has said, and keep the sentence out of the function's log.
    expect(() => check({ headers })).not.toThrow(
      expect.objectContaining({ cause: expect.anything() as unknown }) as Error,
    );
  });

  it('leaves out a header of no value', () => {
    expect(check({ headers: { a: [], b: 'c' } }).head?.headers).toEqual({ b: 'c' });
  });

  it('keeps a header called __proto__ a header', () => {
    const headers = Object.fromEntries([['__proto__', 'x']]);
    expect(Object.entries(check({ headers }).head?.headers ?? {})).toEqual([['__proto__', 'x']]);
  });
});
