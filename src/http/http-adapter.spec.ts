import { jest } from '@jest/globals';
import { Server } from 'node:net';
import { startHttpApp } from '../../test/support/http-app.js';

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
