import { settingsFor } from '../../test/support/builders/functions.js';
import { settled } from '../../test/support/container-harness.js';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { DomainError } from '../common/errors/domain-error.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { invocationSettings } from './invocation.settings.js';
import { RunningCalls } from './running-calls.js';

function runningCalls() {
  const clock = new ManualClock();
  return {
    clock,
    calls: new RunningCalls(
      clock,
      settingsFor(invocationSettings, { shutdownGraceSeconds: 5, running: 1, queued: 3 }),
      settingsFor(fairShareSettings),
    ),
  };
}

/** Whether a promise has settled by now. */
function outcomeOf(promise: Promise<unknown>): { isSettled: boolean } {
  const outcome = { isSettled: false };
  void promise.then(() => (outcome.isSettled = true));
  return outcome;
}

describe('draining the running calls', () => {
  it('ends at once when none runs, leaving no timer', async () => {
    const { calls, clock } = runningCalls();
    await calls.drain();
    expect(clock.pendingTimers).toBe(0);
  });

  it('refuses new calls and waits for those in flight', async () => {
    const { calls } = runningCalls();
    const [first, second] = [calls.begin(undefined), calls.begin(undefined)];
    const drained = outcomeOf(calls.drain());
    expect(() => calls.begin(undefined)).toThrow(expect.objectContaining({ code: 'DRAINING' }) as Error);
    expect(first.cancellation.reason).toBeUndefined();
    first.end();
    await settled();
    expect(drained.isSettled).toBe(false);
    second.end();
    await settled();
    expect(drained.isSettled).toBe(true);
  });

  it('aborts what still runs when the grace period is over', async () => {
    const { calls, clock } = runningCalls();
    const call = calls.begin(undefined);
    const drained = outcomeOf(calls.drain());
    clock.advance(4999);
    expect(call.cancellation.reason).toBeUndefined();
    clock.advance(1);
    expect(call.cancellation.reason).toBeInstanceOf(DomainError);
    await settled();
    expect(drained.isSettled).toBe(false);
    call.end();
    await settled();
    expect(drained.isSettled).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('calls in flight', () => {
  it('are as many as may run and wait, and half of them with one key', () => {
    const { calls } = runningCalls();
    calls.begin('greedy');
    const last = calls.begin('greedy');
    expect(() => calls.begin('greedy')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }) as Error);
    calls.begin('modest');
    calls.begin(undefined);
    expect(() => calls.begin(undefined)).toThrow(expect.objectContaining({ code: 'OVERLOADED' }) as Error);
    last.end();
    calls.begin('modest');
  });
});
