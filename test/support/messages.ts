import type { InvokeMessage, LoadMessage } from '../../src/ipc/protocol/messages.js';

export const loadMessage: LoadMessage = {
  type: 'load',
  handler: 'index.handler',
  environment: {},
  secrets: {},
  functionName: 'myfunc',
  functionVersion: '3',
  memoryLimitMiB: 128,
  responseFormat: 'simple',
  maxResultBytes: 6 * 1024 * 1024,
};

export const invokeMessage: InvokeMessage = {
  type: 'invoke',
  invocationId: 'call-1',
  remainingMs: 3000,
  method: 'POST',
  rawPath: '/a/b',
  rawQueryString: 'x=1',
  headers: { host: 'localhost', 'content-type': 'application/json' },
  protocol: 'HTTP/1.1',
  sourceIp: '127.0.0.1',
  timeEpoch: Date.UTC(2026, 0, 2, 3, 4, 5),
};
