import { exitOf } from './container-exit.js';

const limit = 128 * 1024 * 1024;
const page = 4096;

/** What the kernel tells of a container that has ended. */
function accounts(told: { kept: number | null; peak?: number | null }) {
  return {
    keptMemoryKillsOf: () => told.kept,
    of: () => ({ memoryPeakBytes: told.peak ?? null, cpuTimeMs: 1 }),
  };
}

function outOfMemory(exitCode: number, told: { kept: number | null; peak?: number | null }) {
  return exitOf(accounts(told), 'i/c', { exitCode, memoryBytes: limit });
}

describe('how a container ended', () => {
  it.each([0, 1, 137])(
    'is told by the count of kills where the kernel keeps it, with exit code %i',
    (exitCode) => {
      const full = { peak: limit };
      expect(outOfMemory(exitCode, { kept: 0, ...full })).toEqual({
        exitCode,
        outOfMemory: false,
      });
      expect(outOfMemory(exitCode, { kept: 2, ...full })).toEqual({
        exitCode,
        outOfMemory: true,
      });
    },
  );

  it('is for want of memory where it was killed with its memory used up', () => {
    const told = { kept: null, peak: limit - 16 * page };
    expect(outOfMemory(137, told)).toEqual({ exitCode: 137, outOfMemory: true });
  });

  it.each([
    ['it was killed with memory to spare', 137, limit / 2],
    ['it ended by itself with its memory used up', 1, limit],
    ['it was ended by another signal', 143, limit],
    ['nobody knows what it used', 137, null],
  ])('is its own doing where %s', (_case, exitCode, peak) => {
    expect(outOfMemory(exitCode, { kept: null, peak })).toEqual({
      exitCode,
      outOfMemory: false,
    });
  });
});
