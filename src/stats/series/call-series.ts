import { CallRing, CallTotals, type CountedCall } from './call-ring.js';
import { quantileMs } from './latency-buckets.js';

/** How far back somebody asks, in minutes. */
export const windowMinutes = [60, 360, 1440] as const;
export type WindowMinutes = (typeof windowMinutes)[number];

const minuteMs = 60_000;
const fine = { stepMs: minuteMs, steps: 60 };
const coarse = { stepMs: 5 * minuteMs, steps: 288 };

interface Window {
  readonly stepMs: number;
  readonly steps: number;
  /** Steps that one point of a sparkline stands for; sixty points at most. */
  readonly stepsPerPoint: number;
}

const windows: Readonly<Record<WindowMinutes, Window>> = {
  60: { ...fine, stepsPerPoint: 1 },
  360: { ...coarse, steps: 72, stepsPerPoint: 2 },
  1440: { ...coarse, stepsPerPoint: 6 },
};

export function stepSecondsOf(minutes: WindowMinutes): number {
  return windows[minutes].stepMs / 1000;
}

/** What lies between two moments, step by step; the last step is still going on. */
export interface SeriesReading {
  readonly fromMs: number;
  readonly steps: readonly CallTotals[];
}

/** The calls of one function, or of all, during the last day. */
export class CallSeries {
  lastCallMs = 0;
  private readonly minutes = new CallRing(fine.stepMs, fine.steps);
  private readonly day = new CallRing(coarse.stepMs, coarse.steps);

  get bytes(): number {
    return this.minutes.bytes + this.day.bytes;
  }

  /** `isRefused`: because of a limit of the function, or of the server if it is the series of all. */
  count(call: CountedCall, isRefused: boolean): void {
    this.lastCallMs = call.atMs;
    this.minutes.count(call, isRefused);
    this.day.count(call, isRefused);
  }

  read(minutes: WindowMinutes, nowMs: number): SeriesReading {
    const { stepMs, steps } = windows[minutes];
    const ring = this.ringOf(minutes);
    const first = ring.stepAt(nowMs) - steps + 1;
    const read = Array.from({ length: steps }, (_, index) => {
      const totals = new CallTotals();
      ring.addTo(totals, first + index);
      return totals;
    });
    return { fromMs: first * stepMs, steps: read };
  }

  /** All calls of the window together. */
  total(minutes: WindowMinutes, nowMs: number): CallTotals {
    return this.sum(this.ringOf(minutes), nowMs, windows[minutes].steps);
  }

  /** All calls of the last minutes together, of an hour at most. */
  lately(lastMinutes: number, nowMs: number): CallTotals {
    return this.sum(this.minutes, nowMs, lastMinutes);
  }

  /** The calls of the window, in sixty points at most. */
  sparkline(minutes: WindowMinutes, nowMs: number): number[] {
    const { steps, stepsPerPoint } = windows[minutes];
    const ring = this.ringOf(minutes);
    const first = ring.stepAt(nowMs) - steps + 1;
    return Array.from({ length: steps / stepsPerPoint }, (_, point) => {
      let calls = 0;
      for (let step = 0; step < stepsPerPoint; step += 1)
        calls += ring.callsIn(first + point * stepsPerPoint + step);
      return calls;
    });
  }

  clear(): void {
    this.lastCallMs = 0;
    this.minutes.clear();
    this.day.clear();
  }

  private ringOf(minutes: WindowMinutes): CallRing {
    return minutes === 60 ? this.minutes : this.day;
  }

  private sum(ring: CallRing, nowMs: number, steps: number): CallTotals {
    const totals = new CallTotals();
    const newest = ring.stepAt(nowMs);
    for (let step = newest - steps + 1; step <= newest; step += 1) ring.addTo(totals, step);
    return totals;
  }
}

export const p50Of = ({ durations }: CallTotals) => quantileMs(durations, 0.5);
export const p99Of = ({ durations }: CallTotals) => quantileMs(durations, 0.99);
