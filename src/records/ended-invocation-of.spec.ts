import { deployedFunction } from '../../test/support/builders/functions.js';
import { endedCall } from '../../test/support/builders/calls.js';
import { endedInvocationOf } from './ended-invocation-of.js';

const nowMs = Date.UTC(2026, 0, 1);
const hello = deployedFunction({ name: 'hello' });
const thrown = { errorType: 'TypeError', errorMessage: 'no', stack: 'at /glambdar/code/index.js:1:1' };

describe('the record of a call', () => {
  it('takes an answer for a success, whatever its status', () => {
    const record = endedInvocationOf(endedCall(hello, { statusCode: 500 }), nowMs);
    expect(record).toMatchObject({ outcome: 'success', statusCode: 500, failure: null });
  });

  it('says when the call began, and where its time went, to microseconds', () => {
    const timings = { queueMs: 0.12345, containerMs: 2, totalMs: 1000.00049, origin: 'warm' as const };
    const record = endedInvocationOf(endedCall(hello, { timings }), nowMs);
    expect(record).toMatchObject({
      startedAtMs: nowMs - 1000,
      phases: { queueMs: 0.123, containerMs: 2, handlerMs: null, totalMs: 1000 },
      origin: 'warm',
    });
  });

  it('says whose fault a failure was, and what the function threw', () => {
    const reason = 'The function threw TypeError: no';
    const ended = endedCall(hello, { outcome: 'FUNCTION_ERROR', reason, failure: thrown });
    expect(endedInvocationOf(ended, nowMs)).toMatchObject({
      outcome: 'function',
      statusCode: null,
      failure: { code: 'FUNCTION_ERROR', message: reason, ...thrown },
    });
  });

  it('shows nothing of an error of the server', () => {
    const failure = new Error('/var/lib/glambdar is full');
    const ended = endedCall(hello, { outcome: 'RUNTIME_UNAVAILABLE', reason: 'no', failure });
    expect(endedInvocationOf(ended, nowMs).failure).toEqual({
      code: 'RUNTIME_UNAVAILABLE',
      message: 'no',
      errorType: null,
      errorMessage: null,
      stack: null,
    });
  });
});
