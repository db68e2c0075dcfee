import { deployedFunction } from '../../test/support/builders/deployed-function.js';
import { loadMessageFor } from './load-message.js';

describe('what a worker is told of its function', () => {
  it('is its settings', () => {
    const deployed = deployedFunction({
      name: 'hello',
      settings: {
        handler: 'dist/app.main',
        environment: { GREETING: 'Hi' },
        responseFormat: 'lambda',
        memoryMiB: 256,
      },
    });
    expect(loadMessageFor(deployed, 1000)).toEqual({
      type: 'load',
      handler: 'dist/app.main',
      environment: { GREETING: 'Hi' },
      secrets: {},
      functionName: 'hello',
      functionVersion: '1',
      memoryLimitMiB: 256,
      responseFormat: 'lambda',
      maxResultBytes: 1000,
      hasEgress: false,
    });
  });
});
