import { deployedFunction } from '../../test/support/builders/functions.js';
import { loadMessageFor } from './sandbox.factory.js';

describe('what a worker learns of its function', () => {
  it('is its settings and its opened secrets', () => {
    const deployed = deployedFunction({
      name: 'hello',
      settings: {
        handler: 'dist/app.main',
        environment: { GREETING: 'Hi' },
        responseFormat: 'lambda',
        memoryMiB: 256,
      },
    });
    expect(loadMessageFor(deployed, { TOKEN: 'hush' }, 1000)).toEqual({
      type: 'load',
      handler: 'dist/app.main',
      environment: { GREETING: 'Hi' },
      secrets: { TOKEN: 'hush' },
      functionName: 'hello',
      functionVersion: '1',
      memoryLimitMiB: 256,
      responseFormat: 'lambda',
      maxResultBytes: 1000,
      hasEgress: false,
      loopback: {},
    });
  });

  it("is which of its loopback ports are the server's", () => {
    const deployed = deployedFunction({ settings: { egress: ['example.com', '127.0.0.1:5432'] } });
    expect(loadMessageFor(deployed, {}, 1000)).toMatchObject({
      hasEgress: true,
      loopback: { 5432: '127.0.0.1' },
    });
  });
});
