import { fits, givesWay, roomMakers, type KeptShare } from './pool-budget.js';

const share = (poolKey: string, containers: number, lastUsefulAtMs: number): KeptShare => ({
  poolKey,
  containers,
  memoryMiB: 128,
  lastUsefulAtMs,
});

describe('the budget of what is kept ready', () => {
  it('is a number of containers', () => {
    const budget = { containers: 2, memoryMiB: 10_000 };
    expect(fits([share('a', 1, 0)], budget, 128)).toBe(true);
    expect(fits([share('a', 2, 0)], budget, 128)).toBe(false);
  });

  it('and an amount of memory, by the limits of the containers', () => {
    const budget = { containers: 100, memoryMiB: 256 };
    expect(fits([share('a', 1, 0)], budget, 128)).toBe(true);
    expect(fits([share('a', 1, 0)], budget, 129)).toBe(false);
  });

  it('lets the least recently useful function give way', () => {
    expect(givesWay([share('old', 1, 1), share('older', 1, 0), share('new', 0, 5)], 'new')).toBe('older');
  });

  it('passes over functions that keep nothing', () => {
    expect(givesWay([share('older', 0, 0), share('old', 1, 1), share('new', 0, 5)], 'new')).toBe('old');
  });

  it('lets as many give way as a large container needs, and nobody when that would not do', () => {
    const budget = { containers: 100, memoryMiB: 512 };
    const shares = [share('oldest', 1, 0), share('old', 2, 1), share('newer', 1, 9)];
    expect(roomMakers(shares, budget, { poolKey: 'new', memoryMiB: 128 })).toEqual(['oldest']);
    expect(roomMakers(shares, budget, { poolKey: 'new', memoryMiB: 384 })).toEqual(['oldest', 'old', 'old']);
    expect(
      roomMakers([share('newer', 4, 9), share('new', 0, 5)], budget, { poolKey: 'new', memoryMiB: 128 }),
    ).toBeUndefined();
    expect(roomMakers(shares, budget, { poolKey: 'new', memoryMiB: 513 })).toBeUndefined();
  });

  it('takes nothing from a function that was useful later', () => {
    expect(givesWay([share('newer', 3, 9), share('new', 1, 5)], 'new')).toBeUndefined();
  });
});
