import { callRequestOf, type CallForm } from './call-request.js';

const server = { origin: 'http://localhost:8000', prefix: '' };
const form: CallForm = { method: 'POST', path: '', headers: [], body: '' };
const checked = (changes: Partial<CallForm>) => callRequestOf('hello', { ...form, ...changes }, server);

describe('the request of a form', () => {
  it('is what the form says', () => {
    const headers = [
      { name: ' X-A ', value: ' 1 ' },
      { name: '', value: '' },
    ];
    expect(checked({ path: '/orders/7?x=1', headers, body: '{}' })).toEqual({
      request: { url: '/invoke/hello/orders/7?x=1', method: 'POST', headers: [['X-A', '1']], body: '{}' },
    });
  });

  it.each([
    ['', '/invoke/hello'],
    ['/', '/invoke/hello/'],
    ['?a=b', '/invoke/hello?a=b'],
    ['/a b/ü', '/invoke/hello/a%20b/%C3%BC'],
    ['//x', '/invoke/hello//x'],
    ['/.hidden/...', '/invoke/hello/.hidden/...'],
    ['/a?up=/../..', '/invoke/hello/a?up=/../..'],
  ])('has the path %j as %s', (path, url) => {
    expect(checked({ path })).toMatchObject({ request: { url } });
  });

  it.each([
    'orders',
    '/../../del/hello',
    '/..',
    '/a/%2e%2E/%2e%2e/settings/x',
    '/a/./b',
    '/a\\..\\..\\..\\del',
    '/a#b',
    '/\t../../x',
    'evil.example',
    '@evil.example/',
    '/a/.\t./b',
  ])('never leaves the function: %j', (path) => {
    expect(checked({ path })).toMatchObject({ errors: [{ message: expect.any(String) as string }] });
  });

  it.each([
    ['', 'x'],
    ['a b', 'x'],
    ['x', 'a\nb'],
    ['x', '你好'],
    ['Host', 'evil'],
    ['cookie', 'a=b'],
    ['Sec-Fetch-Site', 'none'],
    ['Proxy-Authorization', 'x'],
  ])('says what is wrong with the header %j: %j', (name, value) => {
    const headers = [
      { name: 'x-fine', value: '' },
      { name, value },
    ];
    expect(checked({ headers })).toMatchObject({ errors: [{ row: 1 }] });
  });

  it('begins with what a proxy puts before the server', () => {
    expect(callRequestOf('hello', { ...form, path: '/a' }, { ...server, prefix: '/fn' })).toMatchObject({
      request: { url: '/fn/invoke/hello/a' },
    });
  });

  it.each(['GET', 'HEAD'] as const)('has no body with %s', (method) => {
    expect(checked({ method, body: 'x' })).toMatchObject({ request: { body: undefined } });
  });
});
