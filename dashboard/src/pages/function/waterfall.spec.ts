import { waterfallOf } from './waterfall.js';

describe('the waterfall of a call', () => {
  it('has its phases after one another, and the server’s rest', () => {
    expect(waterfallOf({ queueMs: 10, containerMs: 20, handlerMs: 50, totalMs: 100 })).toEqual({
      totalMs: 100,
      bars: [
        { phase: 'queue', ms: 10, startPercent: 0, widthPercent: 10 },
        { phase: 'container', ms: 20, startPercent: 10, widthPercent: 20 },
        { phase: 'handler', ms: 50, startPercent: 30, widthPercent: 50 },
        { phase: 'rest', ms: 20, startPercent: 80, widthPercent: 20 },
      ],
    });
  });

  it('has the way to the server, where the page measured it', () => {
    const { bars, totalMs } = waterfallOf({ queueMs: 0, containerMs: 1, handlerMs: 4, measuredMs: 10 });
    expect(totalMs).toBe(10);
    expect(bars.at(-1)).toEqual({ phase: 'network', ms: 5, startPercent: 50, widthPercent: 50 });
  });

  it('leaves out what a call has not come to', () => {
    const { bars } = waterfallOf({ queueMs: 3, containerMs: null, handlerMs: null, totalMs: 3 });
    expect(bars.map(({ phase }) => phase)).toEqual(['queue']);
  });

  it('is empty for a call of which nothing is known', () => {
    expect(waterfallOf({ queueMs: null, containerMs: null, handlerMs: null })).toEqual({
      bars: [],
      totalMs: 0,
    });
  });

  it('has no width for a call that took no time', () => {
    const { bars } = waterfallOf({ queueMs: 0, containerMs: 0, handlerMs: 0 });
    expect(bars.every(({ widthPercent }) => widthPercent === 0)).toBe(true);
  });

  it.each([Number.NaN, -5, Infinity, 1e300])('takes %d for unknown, whoever claims it', (ms) => {
    expect(waterfallOf({ queueMs: ms, containerMs: 5, handlerMs: ms, totalMs: ms }).bars).toHaveLength(1);
  });

  it('never exceeds its scale', () => {
    const { bars } = waterfallOf({ queueMs: 1, containerMs: 1, handlerMs: 1000, totalMs: 5, measuredMs: 7 });
    const end = bars.at(-1)!;
    expect(end.startPercent + end.widthPercent).toBeCloseTo(100);
  });
});
