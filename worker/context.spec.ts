import { invokeMessage, loadMessage } from '../test/support/messages.js';
import { createContext } from './context.js';

describe('the context', () => {
  it("is Lambda's", () => {
    expect(createContext(loadMessage, invokeMessage)).toMatchObject({
      awsRequestId: 'call-1',
      functionName: 'myfunc',
      functionVersion: '3',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:myfunc',
      memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/myfunc',
      logStreamName: '3/call-1',
    });
  });

  it('knows the trace of the call', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const { traceId } = createContext(loadMessage, { ...invokeMessage, traceparent });
    expect(traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });

  it('counts down from what the host gave, to nothing', () => {
    const remaining = createContext(loadMessage, {
      ...invokeMessage,
      remainingMs: 60_000,
    }).getRemainingTimeInMillis();
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(60_000);
    expect(createContext(loadMessage, { ...invokeMessage, remainingMs: -5 }).getRemainingTimeInMillis()).toBe(
      0,
    );
  });
});
