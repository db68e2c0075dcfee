import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { UnpackSlots } from './unpacker.js';

const never = new AbortController().signal;

describe('slots for unpacking', () => {
  const clock = new ManualClock();
  const slots = (slotCount = 1, queueLength = 1) =>
    new UnpackSlots(
      {
        slots: slotCount,
        slotsPerKey: Math.ceil(slotCount / 2),
        queueLength,
        queueLengthPerKey: Math.ceil(queueLength / 2),
        queueTimeoutMs: 1000,
      },
      clock,
    );

  afterEach(() => {
    expect(clock.pendingTimers).toBe(0);
  });

  it('are handed on in order of arrival', async () => {
    const all = slots();
    const release = await all.acquire(never, undefined);
    const next = all.acquire(never, undefined);
    release();
    release();
    (await next)();
    await expect(all.acquire(never, undefined)).resolves.toBeDefined();
  });

  it('turn away who finds the queue full', async () => {
    const all = slots();
    const release = await all.acquire(never, undefined);
    const waiting = all.acquire(never, undefined);
    await expect(all.acquire(never, undefined)).rejects.toMatchObject({
      code: 'OVERLOADED',
      details: { retryAfterMs: 1000 },
    });
    release();
    await waiting;
  });

  it('turn away who has waited too long, and free the place', async () => {
    const all = slots();
    const release = await all.acquire(never, undefined);
    const waiting = all.acquire(never, undefined);
    clock.advance(1000);
    await expect(waiting).rejects.toMatchObject({ code: 'OVERLOADED' });
    const next = all.acquire(never, undefined);
    release();
    await expect(next).resolves.toBeDefined();
  });

  it('forget who gave up', async () => {
    const all = slots();
    const stop = new AbortController();
    const release = await all.acquire(never, undefined);
    const waiting = all.acquire(stop.signal, undefined);
    stop.abort(new Error('given up'));
    await expect(waiting).rejects.toThrow('given up');
    await expect(all.acquire(stop.signal, undefined)).rejects.toThrow('given up');
    release();
    await expect(all.acquire(never, undefined)).resolves.toBeDefined();
  });

  it('are half of them for one key, whose next archive waits and holds up nobody behind it', async () => {
    const all = slots(2, 4);
    const release = await all.acquire(never, 'a');
    let isSecondHeld = false;
    const second = all.acquire(never, 'a').then((releaseSecond) => {
      isSecondHeld = true;
      return releaseSecond;
    });
    const releaseOther = await all.acquire(never, 'b');
    const third = all.acquire(never, 'c');
    releaseOther();
    const releaseThird = await third;
    expect(isSecondHeld).toBe(false);
    release();
    (await second)();
    releaseThird();
  });

  it('have a queue of which one key has half', async () => {
    const all = slots(1, 2);
    const release = await all.acquire(never, 'a');
    const second = all.acquire(never, 'a');
    await expect(all.acquire(never, 'a')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    const other = all.acquire(never, 'b');
    release();
    (await second)();
    (await other)();
  });
});
