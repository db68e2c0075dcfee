import { ManualClock } from '../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { endedCall } from '../../test/support/builders/calls.js';
import { deployedFunction } from '../../test/support/builders/functions.js';
import { type EndedCall, EndedCalls, InvocationTrace } from './invocation.js';

const identity = { invocationId: 'i', traceId: 't', traceparent: 'p' };

function begun() {
  const clock = new ManualClock();
  const trace = new InvocationTrace(identity, clock);
  trace.begins();
  const after = (ms: number, step: () => void) => {
    clock.advance(ms);
    step();
  };
  return { trace, after };
}

describe('the trace of an invocation', () => {
  it('measures each step from the one before, and the whole from its beginning', () => {
    const { trace, after } = begun();
    after(1, () => {
      trace.admitted();
    });
    after(20, () => {
      trace.provided('cold');
    });
    after(300, () => {
      trace.handled();
    });
    after(4000, () => {
      trace.streamed(7);
    });
    after(5, () => {
      trace.ends();
    });
    expect(trace.timings).toEqual({
      queueMs: 1,
      containerMs: 20,
      origin: 'cold',
      handlerMs: 300,
      streamMs: 4000,
      streamedBytes: 7,
      totalMs: 4326,
    });
  });

  it('has no time for a step that was not reached', () => {
    const { trace, after } = begun();
    after(10, () => {
      trace.ends();
    });
    expect(trace.timings).toEqual({ totalMs: 10 });
  });
});

describe('telling of ended calls', () => {
  it('reaches every listener, also when one before it fails', () => {
    const log = new RecordingLog();
    const endedCalls = new EndedCalls(log);
    const heard: EndedCall[] = [];
    endedCalls.onEnded(() => {
      throw new Error('broken');
    });
    endedCalls.onEnded((ended) => heard.push(ended));
    const ended = endedCall(deployedFunction());
    endedCalls.publish(ended);
    expect(heard).toEqual([ended]);
    expect(log.lines).toEqual([expect.objectContaining({ level: 'error' })]);
  });
});
