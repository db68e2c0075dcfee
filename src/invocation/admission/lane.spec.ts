import { fits, nextLane, retryAfterMs, type Lane } from './lane.js';

function lane(functionId: string, fields: { running: number; waiting: number; limit?: number }): Lane {
  const waiting = Array.from({ length: fields.waiting }, () => ({ admit: () => undefined }));
  return { functionId, limit: fields.limit ?? 16, memoryMiB: 128, running: fields.running, waiting };
}

describe('who gets the next free place', () => {
  it('nobody when nobody waits', () => {
    expect(nextLane([lane('a', { running: 3, waiting: 0 })])).toBeUndefined();
  });

  it('the function that has the fewest calls running, however many of another wait', () => {
    const flooded = lane('flooded', { running: 10, waiting: 100 });
    const quiet = lane('quiet', { running: 1, waiting: 1 });
    expect(nextLane([flooded, quiet])?.functionId).toBe('quiet');
  });

  it('never a function at its own limit', () => {
    const full = lane('full', { running: 1, waiting: 5, limit: 1 });
    const other = lane('other', { running: 7, waiting: 1 });
    expect(nextLane([full, other])?.functionId).toBe('other');
    expect(nextLane([full])).toBeUndefined();
  });
});

describe('when a refused call should try again', () => {
  it('is the time that the calls before it need', () => {
    expect(retryAfterMs(99, { callMs: 200, places: 4 })).toBe(5000);
  });

  it('is at least a second and at most a minute', () => {
    expect(retryAfterMs(0, { callMs: 1, places: 64 })).toBe(1000);
    expect(retryAfterMs(1000, { callMs: 30_000, places: 1 })).toBe(60_000);
  });
});

describe('whether one more call may run', () => {
  const capacity = { calls: 4, memoryMiB: 512 };

  it.each([
    [{ calls: 3, memoryMiB: 384 }, 128, true],
    [{ calls: 4, memoryMiB: 256 }, 64, false],
    [{ calls: 2, memoryMiB: 384 }, 129, false],
    [{ calls: 0, memoryMiB: 0 }, 1024, true],
    [{ calls: 1, memoryMiB: 64 }, 1024, false],
  ])('beside %j with %i MiB: %s', (taken, memoryMiB, expected) => {
    expect(fits(taken, capacity, memoryMiB)).toBe(expected);
  });
});
