import { CallRing, CallTotals, type CountedCall } from './call-ring.js';
import { CallSeries, p50Of, p99Of, windowMinutes } from './call-series.js';
import { bucketOf } from './latency-buckets.js';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** The start of a step of five minutes. */
const noon = Date.parse('2026-01-31T12:00:00Z');

const callAt = (atMs: number, fields: Partial<CountedCall> = {}): CountedCall => ({
  atMs,
  fault: undefined,
  bucket: bucketOf(10),
  ...fields,
});

let series: CallSeries;
beforeEach(() => {
  series = new CallSeries();
});

const count = (...calls: readonly CountedCall[]) => {
  for (const call of calls) series.count(call, false);
};
const callsIn = (minutes: (typeof windowMinutes)[number], nowMs: number) =>
  series.read(minutes, nowMs).steps.map((totals) => totals.of('calls'));

describe('a series of calls', () => {
  it('counts each call in its minute, its five minutes, and by whose fault it failed', () => {
    count(
      callAt(noon),
      callAt(noon + 59_999, { fault: 'function' }),
      callAt(noon + minuteMs, { fault: 'caller' }),
      callAt(noon + 4 * minuteMs, { fault: 'platform' }),
    );
    const { fromMs, steps } = series.read(60, noon + 4 * minuteMs);
    expect([new Date(fromMs).toISOString(), steps.length]).toEqual(['2026-01-31T11:05:00.000Z', 60]);
    const last = steps.slice(-5);
    expect(last.map((totals) => totals.of('calls'))).toEqual([2, 1, 0, 0, 1]);
    expect(last.map((totals) => totals.of('function'))).toEqual([1, 0, 0, 0, 0]);
    expect(last.map((totals) => totals.of('caller'))).toEqual([0, 1, 0, 0, 0]);
    expect(last.map((totals) => totals.of('platform'))).toEqual([0, 0, 0, 0, 1]);
    expect(callsIn(360, noon + 4 * minuteMs).slice(-2)).toEqual([0, 4]);
    expect(series.total(1440, noon + 4 * minuteMs).errors).toBe(3);
  });

  it('tells how long calls took in each step and in all, and nothing of those that never ran', () => {
    count(callAt(noon, { bucket: bucketOf(10) }), callAt(noon, { bucket: bucketOf(1000) }));
    count(callAt(noon + minuteMs, { bucket: undefined }), callAt(noon + 2 * minuteMs));
    const steps = series.read(60, noon + 2 * minuteMs).steps.slice(-3);
    expect(steps.map(p50Of)).toEqual([9.51, null, 9.51]);
    expect(steps.map(p99Of)).toEqual([861, null, 9.51]);
    expect(p99Of(series.total(60, noon + 2 * minuteMs))).toBe(861);
  });

  it.each(windowMinutes)('holds the last %d minutes and no more', (minutes) => {
    const stepMs = minutes === 60 ? minuteMs : 5 * minuteMs;
    count(callAt(noon));
    expect(callsIn(minutes, noon)).toHaveLength((minutes * minuteMs) / stepMs);
    expect(callsIn(minutes, noon + minutes * minuteMs - 1)[0]).toBe(1);
    expect(callsIn(minutes, noon + minutes * minuteMs)).not.toContain(1);
  });

  it('has no more than 60 points in a sparkline, in which no call is missing', () => {
    for (let minute = 0; minute < 1440; minute += 1) count(callAt(noon + minute * minuteMs));
    const now = noon + 1439 * minuteMs;
    for (const minutes of windowMinutes) {
      const points = series.sparkline(minutes, now);
      expect(points.length).toBeLessThanOrEqual(60);
      expect(points.reduce((sum, calls) => sum + calls, 0)).toBe(minutes);
    }
  });

  it('shows nothing for the time that a machine slept', () => {
    count(callAt(noon), callAt(noon + 10 * minuteMs));
    expect(callsIn(60, noon + 10 * minuteMs).slice(-11)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    count(callAt(noon + 400 * dayMs));
    expect(callsIn(1440, noon + 400 * dayMs).filter((calls) => calls > 0)).toEqual([1]);
  });

  it.each([dayMs, -dayMs, 400 * dayMs, -noon])('goes on when the clock jumps by %d ms', (jumpMs) => {
    count(callAt(noon));
    count(callAt(noon + jumpMs), callAt(noon + jumpMs));
    for (const minutes of windowMinutes) expect(callsIn(minutes, noon + jumpMs).at(-1)).toBe(2);
    const later = noon + 7 * minuteMs;
    count(callAt(later));
    expect(callsIn(60, later).at(-1)).toBe(1);
  });

  it('sees the last minutes across the end of an hour', () => {
    count(callAt(noon - 4 * minuteMs), callAt(noon), callAt(noon - 5 * minuteMs));
    expect(series.lately(5, noon).of('calls')).toBe(2);
  });

  it('counts what was refused because of a limit of its own', () => {
    series.count(callAt(noon, { fault: 'caller', bucket: undefined }), true);
    series.count(callAt(noon, { fault: 'caller', bucket: undefined }), false);
    expect(series.lately(5, noon).of('refused')).toBe(1);
  });

  it('takes 40 KiB, so that with a hundred functions and the server all take less than 4 MiB', () => {
    expect(series.bytes).toBeLessThan(40 * 1024);
    expect(101 * series.bytes).toBeLessThan(4 * 1024 * 1024);
  });
});

describe('a step with more calls than a counter of durations holds', () => {
  it('counts the durations of some of them, in the same proportions', () => {
    const ring = new CallRing(minuteMs, 60);
    for (let call = 0; call < 400_000; call += 1)
      ring.count(callAt(noon, { bucket: bucketOf(call % 4 === 0 ? 100 : 1) }), false);
    const totals = new CallTotals();
    ring.addTo(totals, ring.stepAt(noon));
    const [fast, slow] = [totals.durations[bucketOf(1)]!, totals.durations[bucketOf(100)]!];
    expect(totals.of('calls')).toBe(400_000);
    expect((fast + slow) / 400_000).toBeCloseTo(1, 1);
    expect(slow / (fast + slow)).toBeCloseTo(0.25, 1);
  });
});
