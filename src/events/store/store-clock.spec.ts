import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { clockReading } from '../../../test/support/builders/events.js';
import { StoreClock, type StoreTime } from './store-clock.js';

const day = 86_400_000;

describe('the clock of the store', () => {
  let clock: ManualClock;
  let store: StoreClock;
  let beginMs: number;
  beforeEach(() => {
    clock = new ManualClock();
    store = new StoreClock(undefined);
    beginMs = store.read(clockReading(clock)).nowMs;
  });

  const now = (): StoreTime => store.read(clockReading(clock));

  it('is the wall clock at first, and goes on with it', () => {
    expect(beginMs).toBe(clock.wallTime().getTime());
    clock.advance(1500);
    expect(now()).toEqual({ nowMs: beginMs + 1500, aheadMs: 0 });
  });

  it.each([day, -day, 10_000, -10_000])(
    'passes over a step of %d ms, and knows how far it is off',
    (byMs) => {
      clock.advance(1000);
      clock.stepWallTime(byMs);
      clock.advance(1000);
      expect(now()).toEqual({ nowMs: beginMs + 2000, aheadMs: -byMs });
      clock.stepWallTime(-byMs);
      expect(now()).toEqual({ nowMs: beginMs + 2000, aheadMs: 0 });
    },
  );

  it('follows a clock that is slewed, and never goes back', () => {
    clock.stepWallTime(500);
    expect(now()).toEqual({ nowMs: beginMs + 500, aheadMs: 0 });
    clock.stepWallTime(-400);
    expect(now()).toEqual({ nowMs: beginMs + 500, aheadMs: 0 });
    clock.advance(1000);
    expect(now()).toEqual({ nowMs: beginMs + 1100, aheadMs: 0 });
  });

  it('goes on where it was when the clock was set back while the server was down', () => {
    const kept = now();
    clock.stepWallTime(-day);
    const restarted = new StoreClock(kept);
    expect(restarted.read(clockReading(clock))).toEqual({ nowMs: beginMs, aheadMs: day });
    clock.advance(60_000);
    expect(restarted.read(clockReading(clock))).toEqual({ nowMs: beginMs + 60_000, aheadMs: day });
  });

  it('counts the time for which the server was down', () => {
    const kept = now();
    clock.advance(day);
    expect(new StoreClock(kept).read(clockReading(clock)).nowMs).toBe(beginMs + day);
  });
});
