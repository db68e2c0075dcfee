import { deployedFunction } from '../../test/support/builders/functions.js';
import { endedCall } from '../../test/support/builders/calls.js';
import type { ErrorCode } from '../common/errors/error-codes.js';
import type { EndedCall } from '../invocation/invocation.js';
import { endedInvocationOf, runtimeRemarkOn } from './ended-call-record.js';

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

  it('says what made it', () => {
    const ended = endedCall(hello);
    const trigger = { kind: 'schedule', eventId: 'e-1', schedule: 'nightly' } as const;
    const made = { ...ended, invocation: { ...ended.invocation, trigger } };
    expect(endedInvocationOf(made, nowMs)).toMatchObject({ trigger });
  });

  it('does not say that a request made it, because most are', () => {
    expect(endedInvocationOf(endedCall(hello), nowMs)).not.toHaveProperty('trigger');
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

const limited = deployedFunction({ name: 'limited', settings: { timeoutSeconds: 3, memoryMiB: 64 } });
const remarkOn = (outcome: ErrorCode, fields: Parameters<typeof endedCall>[1] = {}) =>
  runtimeRemarkOn(endedCall(limited, { outcome, ...fields }));
const memoryPeakBytes = 64 * 1024 * 1024;

describe('what the server says of a call in its log', () => {
  it.each<[ErrorCode, Partial<EndedCall>, string]>([
    [
      'FUNCTION_TIMEOUT',
      { failure: { memoryPeakBytes } },
      'The call was ended: it took longer than 3 s (timeoutSeconds). Peak memory: 64.0 MiB.',
    ],
    ['FUNCTION_EXITED', { failure: { exitCode: 3 } }, 'The process ended before it answered: exit code 3.'],
    ['FUNCTION_EXITED', {}, 'The process ended before it answered: exit code unknown.'],
    [
      'FUNCTION_OUT_OF_MEMORY',
      { failure: { exitCode: 137, memoryPeakBytes } },
      'The container ran out of memory: it may use 64 MiB (memoryMiB). It ended with exit code 137 (SIGKILL). Peak memory: 64.0 MiB.',
    ],
    ['FUNCTION_RESPONSE_TOO_LARGE', { reason: 'Return less.' }, 'The call failed: Return less.'],
    ['FUNCTION_INVALID_RESPONSE', { reason: 'No such status.' }, 'The call failed: No such status.'],
    ['FUNCTION_INIT_TIMEOUT', { reason: 'Do less.' }, 'The call failed: Do less.'],
  ])('of %s with %j', (outcome, fields, text) => {
    expect(remarkOn(outcome, fields)).toEqual({ level: 'error', text });
  });

  it.each<[ErrorCode]>([['FUNCTION_INVALID_RESPONSE'], ['FUNCTION_LOAD_ERROR']])(
    'holds nothing that a worker has said: %s',
    (outcome) => {
      const remark = remarkOn(outcome, { reason: 'forged', failure: { errorMessage: 'forged' } });
      expect(remark?.text).not.toContain('forged');
    },
  );

  it.each<[ErrorCode, string]>([
    ['CLIENT_CLOSED', 'client disconnected'],
    ['DRAINING', 'shutting down'],
  ])('is no reproach where the function was at work and others ended it: %s', (outcome, words) => {
    expect(remarkOn(outcome)).toEqual({ level: 'warn', text: expect.stringContaining(words) as string });
    expect(remarkOn(outcome, { timings: { totalMs: 1 } })).toBeUndefined();
  });

  it('says that an answer was cut off', () => {
    expect(remarkOn('FUNCTION_TIMEOUT', { brokenOff: true })?.text).toMatch(
      /\(timeoutSeconds\)\. Its answer had started and was cut off\.$/,
    );
  });

  it('is nothing where there was an answer, a stack, or nothing of the function', () => {
    expect(runtimeRemarkOn(endedCall(limited))).toBeUndefined();
    for (const outcome of [
      'FUNCTION_ERROR',
      'CONCURRENCY_LIMIT',
      'OVERLOADED',
      'RUNTIME_UNAVAILABLE',
    ] as const) {
      expect(remarkOn(outcome)).toBeUndefined();
    }
  });
});
