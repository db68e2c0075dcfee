import type { Clock } from '../../src/common/time/clock.js';

export interface ClockUnderTest {
  readonly clock: Clock;
  /** Lets at least so much of the clock's time pass, and what falls due run. */
  readonly elapse: (ms: number) => Promise<void>;
}

/** What every `Clock` does; times are short because one of the clocks is the real one. */
export function clockContract(name: string, make: () => ClockUnderTest): void {
  describe(`the Clock contract, kept by ${name}`, () => {
    it('moves forward, never back', async () => {
      const { clock, elapse } = make();
      const startMs = clock.monotonicMs();
      expect(clock.monotonicMs()).toBeGreaterThanOrEqual(startMs);
      await elapse(5);
      expect(clock.monotonicMs()).toBeGreaterThanOrEqual(startMs + 5);
    });

    it('tells a wall time that moves with it', async () => {
      const { clock, elapse } = make();
      const start = clock.wallTime();
      await elapse(5);
      expect(clock.wallTime().getTime()).toBeGreaterThanOrEqual(start.getTime() + 4);
    });

    it('runs what is scheduled once, not before its time and never at once', async () => {
      const { clock, elapse } = make();
      const ranAtMs: number[] = [];
      const startMs = clock.monotonicMs();
      clock.schedule(3, () => ranAtMs.push(clock.monotonicMs()));
      expect(ranAtMs).toEqual([]);
      await elapse(20);
      expect(ranAtMs).toHaveLength(1);
      // Timers of the system count whole milliseconds.
      expect(ranAtMs[0]! - startMs).toBeGreaterThanOrEqual(2);
    });

    it('runs what is due earlier first, whatever was scheduled first', async () => {
      const { clock, elapse } = make();
      const order: string[] = [];
      clock.schedule(12, () => order.push('late'));
      clock.schedule(2, () => order.push('early'));
      await elapse(40);
      expect(order).toEqual(['early', 'late']);
    });

    it('does not run what was cancelled', async () => {
      const { clock, elapse } = make();
      let ran = false;
      const cancel = clock.schedule(2, () => {
        ran = true;
      });
      cancel();
      await elapse(20);
      expect(ran).toBe(false);
    });

    it('takes a cancellation that comes twice or too late', async () => {
      const { clock, elapse } = make();
      let runs = 0;
      const cancel = clock.schedule(1, () => {
        runs += 1;
      });
      await elapse(20);
      cancel();
      cancel();
      expect(runs).toBe(1);
    });

    it('lets a scheduled action schedule the next', async () => {
      const { clock, elapse } = make();
      const second = Promise.withResolvers<string>();
      clock.schedule(1, () => {
        clock.schedule(1, () => {
          second.resolve('ran');
        });
      });
      await elapse(2);
      await elapse(20);
      await expect(second.promise).resolves.toBe('ran');
    });
  });
}
