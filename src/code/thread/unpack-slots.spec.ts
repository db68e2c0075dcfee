import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { UnpackSlots } from './unpack-slots.js';

const never = new AbortController().signal;

describe('slots for unpacking', () => {
  const clock = new ManualClock();
  const slots = () => new UnpackSlots({ slots: 1, queueLength: 1, queueTimeoutMs: 1000 }, clock);

  afterEach(() => {
    expect(clock.pendingTimers).toBe(0);
  });

  it('are handed on in turn', async () => {
    const all = slots();
    const release = await all.acquire(never);
    const next = all.acquire(never);
    release();
    release();
    (await next)();
    await expect(all.acquire(never)).resolves.toBeDefined();
  });

  it('turn away who finds the queue full', async () => {
    const all = slots();
    const release = await all.acquire(never);
    const waiting = all.acquire(never);
    await expect(all.acquire(never)).rejects.toMatchObject({
      code: 'OVERLOADED',
      details: { retryAfterMs: 1000 },
    });
    release();
    await waiting;
  });

  it('turn away who has waited too long, and free the place', async () => {
    const all = slots();
    const release = await all.acquire(never);
    const waiting = all.acquire(never);
    clock.advance(1000);
    await expect(waiting).rejects.toMatchObject({ code: 'OVERLOADED' });
    const next = all.acquire(never);
    release();
    await expect(next).resolves.toBeDefined();
  });

  it('forget who gave up', async () => {
    const all = slots();
    const stop = new AbortController();
    const release = await all.acquire(never);
    const waiting = all.acquire(stop.signal);
    stop.abort(new Error('given up'));
    await expect(waiting).rejects.toThrow('given up');
    await expect(all.acquire(stop.signal)).rejects.toThrow('given up');
    release();
    await expect(all.acquire(never)).resolves.toBeDefined();
  });
});
