import { serverUrl } from './server-url.js';

describe('serverUrl', () => {
  it.each([
    ['127.0.0.1', 'IPv4', 'http://127.0.0.1:8000'],
    ['0.0.0.0', 'IPv4', 'http://127.0.0.1:8000'],
    ['::', 'IPv6', 'http://127.0.0.1:8000'],
    ['::1', 'IPv6', 'http://[::1]:8000'],
    ['192.0.2.7', 'IPv4', 'http://192.0.2.7:8000'],
  ])('of %s (%s) is %s', (address, family, url) => {
    expect(serverUrl({ address, family, port: 8000 })).toBe(url);
  });
});
