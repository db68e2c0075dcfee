import { Pace } from './pace.js';

describe('the pace of a thread', () => {
  it('is a rest after each stretch of work, as long as that took', () => {
    const rests: number[] = [];
    let cpuMs = 7;
    const pace = new Pace(
      () => cpuMs,
      (ms) => rests.push(ms),
    );
    for (const workMs of [0.25, 0.25, 0.25, 4, 0.25]) {
      cpuMs += workMs;
      pace.step();
    }
    expect(rests).toEqual([0.5, 4.25]);
  });

  it('is that of the thread that it is made in', () => {
    const pace = new Pace();
    const startedAt = process.threadCpuUsage();
    while (process.threadCpuUsage(startedAt).user < 2_000);
    const restedFrom = performance.now();
    pace.step();
    expect(performance.now() - restedFrom).toBeGreaterThanOrEqual(2);
  });
});
