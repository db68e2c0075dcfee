import { jest } from '@jest/globals';
import { Server } from 'node:net';
import { startHttpApp } from '../../test/support/http-app.js';
import { serverUrl } from './http-adapter.js';

describe('the HTTP server', () => {
  it('has the kernel keep a burst of connections, which Node would have it drop beyond 511', async () => {
    const listen = jest.spyOn(Server.prototype, 'listen');
    const served = await startHttpApp([]);
    const [options] = listen.mock.calls[0] as unknown[];
    listen.mockRestore();
    await served.close();
    expect(options).toMatchObject({ host: '127.0.0.1', port: 0, backlog: 4096 });
  });
});

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
