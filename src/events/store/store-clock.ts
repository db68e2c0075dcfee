/** What the machine's two clocks showed at one moment, in milliseconds. */
export interface ClockReading {
  /** Since the epoch; whoever sets the clock moves it. */
  readonly wallMs: number;
  /** Since an arbitrary start; nobody moves it, and it ends with the process. */
  readonly monotonicMs: number;
}

/** How far the store's time has come, kept with everything it judges. */
export interface StoreTime {
  readonly nowMs: number;
  /** The store's time less the wall clock's. */
  readonly aheadMs: number;
}

/** The wall clock is followed up to this; what moves it further at once is a step. */
const slewMs = 2000;

/**
 * The time by which leases end and attempts are due. It goes on as time passes, whatever is done to the machine's clock: a
 * step of a day neither ends a lease nor holds an attempt up. It never goes back, also not while the server is down. Times
 * of the wall clock are turned into the store's at the door, and back on the way out, so that what is an hour away stays so.
 */
export class StoreClock {
  private time: StoreTime;
  private last: ClockReading | undefined;

  /** `kept` is what was kept last; undefined for a new store. */
  constructor(kept: StoreTime | undefined) {
    this.time = kept ?? { nowMs: 0, aheadMs: 0 };
  }

  /** Moves the time on to this moment. */
  read(reading: ClockReading): StoreTime {
    const stepMs = this.last ? stepBetween(this.last, reading) : 0;
    let aheadMs = this.time.aheadMs - (Math.abs(stepMs) > slewMs ? Math.round(stepMs) : 0);
    let nowMs = reading.wallMs + aheadMs;
    if (nowMs < this.time.nowMs) {
      // Slewed back by moments, or set back while the server was down.
      nowMs = this.time.nowMs;
      if (nowMs - reading.wallMs - aheadMs > slewMs) aheadMs = nowMs - reading.wallMs;
    }
    this.last = reading;
    this.time = { nowMs, aheadMs };
    return this.time;
  }
}

/** How far the wall clock has moved beyond the time that passed. */
function stepBetween(one: ClockReading, next: ClockReading): number {
  return next.wallMs - one.wallMs - (next.monotonicMs - one.monotonicMs);
}
