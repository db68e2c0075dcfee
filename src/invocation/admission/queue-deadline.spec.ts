import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { QueueDeadline } from './queue-deadline.js';
import type { QueuedCall } from './waiting-calls.js';

let clock: ManualClock;
let deadline: QueueDeadline;
let timedOut: string[];
beforeEach(() => {
  clock = new ManualClock();
  deadline = new QueueDeadline(clock, 100);
  timedOut = [];
});

function begin(name: string): QueuedCall {
  const call: QueuedCall = {
    keyId: undefined,
    sinceMs: clock.monotonicMs(),
    admit: () => undefined,
    timeOut: () => timedOut.push(name),
  };
  deadline.begin(call);
  return call;
}

describe('the deadline of calls that wait', () => {
  it('passes for each as long after it came, with one timer for all', () => {
    begin('first');
    clock.advance(60);
    begin('second');
    begin('third');
    expect(clock.pendingTimers).toBe(1);
    clock.advance(39);
    expect(timedOut).toEqual([]);
    clock.advance(1);
    expect(timedOut).toEqual(['first']);
    clock.advance(59);
    expect(timedOut).toEqual(['first']);
    clock.advance(1);
    expect(timedOut).toEqual(['first', 'second', 'third']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('passes for none that waits no more, and leaves no timer behind the last', () => {
    const [gone, stays] = [begin('gone'), begin('stays')];
    deadline.end(gone);
    clock.advance(100);
    expect(timedOut).toEqual(['stays']);
    deadline.end(stays);
    const last = begin('last');
    deadline.end(last);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is as long as ever for a call that comes after the one for which the timer was set has gone', () => {
    const first = begin('first');
    clock.advance(50);
    begin('second');
    deadline.end(first);
    clock.advance(99);
    expect(timedOut).toEqual([]);
    clock.advance(1);
    expect(timedOut).toEqual(['second']);
  });
});
