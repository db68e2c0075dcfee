import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { Cancellation } from './cancellation.js';
import { withDeadline } from './deadline.js';

const onTimeout = () => new Error('too late');

describe('withDeadline', () => {
  it('gives what the work resolves to and leaves no timer', async () => {
    const clock = new ManualClock();
    await expect(withDeadline(clock, Promise.resolve(7), { withinMs: 10, onTimeout })).resolves.toBe(7);
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives the error that the work rejects with and leaves no timer', async () => {
    const clock = new ManualClock();
    const failing = Promise.reject(new Error('broken'));
    await expect(withDeadline(clock, failing, { withinMs: 10, onTimeout })).rejects.toThrow('broken');
    expect(clock.pendingTimers).toBe(0);
  });

  it('rejects when the deadline passes first', async () => {
    const clock = new ManualClock();
    const waiting = withDeadline(clock, new Promise(() => undefined), { withinMs: 10, onTimeout });
    clock.advance(10);
    await expect(waiting).rejects.toThrow('too late');
  });

  it('rejects with the reason of a cancellation and leaves neither timer nor listener', async () => {
    const clock = new ManualClock();
    const cancellation = new Cancellation();
    const waiting = withDeadline(clock, new Promise(() => undefined), {
      withinMs: 10,
      onTimeout,
      cancellation,
    });
    cancellation.cancel(new Error('client left'));
    await expect(waiting).rejects.toThrow('client left');
    expect(clock.pendingTimers).toBe(0);
  });

  it('rejects at once when it was cancelled before', async () => {
    const clock = new ManualClock();
    const cancellation = new Cancellation();
    cancellation.cancel(new Error('client left'));
    const limits = { withinMs: 10, onTimeout, cancellation };
    const waiting = withDeadline(clock, new Promise(() => undefined), limits);
    await expect(waiting).rejects.toThrow('client left');
    expect(clock.pendingTimers).toBe(0);
  });
});
