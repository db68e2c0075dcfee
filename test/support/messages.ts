import type { HttpPresentation, InvokeMessage, LoadMessage } from '../../src/ipc/protocol/messages.js';

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

export const httpPresentation: HttpPresentation = {
  kind: 'http',
  method: 'POST',
  rawPath: '/a/b',
  rawQueryString: 'x=1',
  headers: { host: 'localhost', 'content-type': 'application/json' },
  protocol: 'HTTP/1.1',
  sourceIp: '127.0.0.1',
};

export const invokeMessage: InvokeMessage = {
  type: 'invoke',
  invocationId: 'call-1',
  remainingMs: 3000,
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  timeEpoch: Date.UTC(2026, 0, 2, 3, 4, 5),
  presentation: httpPresentation,
};
