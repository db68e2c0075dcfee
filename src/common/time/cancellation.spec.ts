import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { Cancellation, withDeadline } from './cancellation.js';

const left = new Error('The client disconnected.');

describe('a cancellation', () => {
  it('tells everybody who listens, once, and only the first reason counts', () => {
    const cancellation = new Cancellation();
    const heard: string[] = [];
    cancellation.onCancel(() => heard.push('one'));
    cancellation.onCancel(() => heard.push('other'));
    expect(cancellation.reason).toBeUndefined();
    cancellation.cancel(left);
    cancellation.cancel(new Error('Something else.'));
    expect([heard, cancellation.reason]).toEqual([['one', 'other'], left]);
  });

  it('tells nobody who has stopped listening, also when told to stop twice', () => {
    const cancellation = new Cancellation();
    const heard: string[] = [];
    const stop = cancellation.onCancel(() => heard.push('one'));
    cancellation.onCancel(() => heard.push('other'));
    stop();
    stop();
    cancellation.cancel(left);
    expect(heard).toEqual(['other']);
  });

  it('tells at once whoever comes too late', () => {
    const cancellation = new Cancellation();
    cancellation.cancel(left);
    const heard: string[] = [];
    cancellation.onCancel(() => heard.push('late'))();
    expect(heard).toEqual(['late']);
  });
});

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
