import { leftHere, memoryLost, ownHoldings, restingMiB } from '../hostile/holdings.js';

const withinMs = 300;

/** Gives one reading after the other, and the last one for ever. */
function readings(...figures: number[]): () => Promise<number> {
  return () => Promise.resolve((figures.length > 1 ? figures.shift() : figures[0]) ?? 0);
}

describe('what the hostile trials call held memory', () => {
  it('is the figure that further collections leave as it is', async () => {
    await expect(restingMiB(readings(68, 60, 50, 44, 44.1, 44))).resolves.toBe(44);
  });

  it('is back when a later collection frees it', async () => {
    await expect(memoryLost(readings(90, 80, 68), 44, withinMs)).resolves.toEqual([]);
  });

  it('is lost when no collection frees it', async () => {
    await expect(memoryLost(readings(90, 80, 69), 44, withinMs)).resolves.toEqual([
      'memory: 44.0 MiB before, 69.0 after',
    ]);
  });

  it.each([
    ['buffers', () => Array.from({ length: 32 }, () => Buffer.alloc(1024 ** 2))],
    ['objects', () => Array.from({ length: 500_000 }, (_, index) => ({ index, text: `object ${index}` }))],
  ])('shows a real leak of %s, and nothing once they are let go', async (_, leak) => {
    const before = await ownHoldings();
    const kept = [leak()];
    await expect(leftHere(before, withinMs)).resolves.toEqual([
      expect.stringMatching(/^memory: [\d.]+ MiB before, [\d.]+ after$/),
    ]);
    kept.pop();
    await expect(leftHere(before)).resolves.toEqual([]);
  });
});
