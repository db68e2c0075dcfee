import { serverTimingOf } from './server-timing.js';

const nothing = { queueMs: null, containerMs: null, handlerMs: null, origin: null };

describe('Server-Timing', () => {
  it('says how long each phase took, and where the container came from', () => {
    expect(serverTimingOf('queue;dur=0.1, container;desc="fresh-pool";dur=2.4, handler;dur=3.5')).toEqual({
      queueMs: 0.1,
      containerMs: 2.4,
      handlerMs: 3.5,
      origin: 'fresh-pool',
    });
  });

  it('may end early', () => {
    expect(serverTimingOf('queue;dur=12')).toEqual({ ...nothing, queueMs: 12 });
    expect(serverTimingOf(null)).toEqual(nothing);
  });

  it.each(['queue', 'queue;dur=-1', 'queue;dur=NaN', ';;;', 'db;dur=5', ','.repeat(100_000)])(
    'may be anything a function sends: %#',
    (header) => {
      expect(serverTimingOf(header)).toEqual(nothing);
    },
  );
});
