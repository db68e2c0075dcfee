import { jest } from '@jest/globals';
import { Supply } from './supply.js';

const batch = 4;

/** Makes numbers in order, or fails as it is told to. */
class Maker {
  isBroken = false;
  calls = 0;
  private last = 0;

  readonly make = async (count: number): Promise<readonly number[]> => {
    this.calls += 1;
    if (this.isBroken) throw new Error(`not made: ${this.calls}`);
    return Array.from({ length: count }, () => (this.last += 1));
  };
}

let maker: Maker;
let supply: Supply<number>;
beforeEach(() => {
  maker = new Maker();
  supply = new Supply(maker.make, batch);
});

function take(count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => supply.take()));
}

async function useAtOnce(count: number): Promise<void> {
  for (const item of await take(count)) supply.giveBack(item);
}

describe('a supply', () => {
  it('makes nothing before the first is taken', () => {
    expect(maker.calls).toBe(0);
  });

  it('gives each taker another, and no more at a time than were made', async () => {
    const taken = await take(3 * batch);
    expect(new Set(taken).size).toBe(3 * batch);
  });

  it('makes the next batch before the last one is used up', async () => {
    await take(batch / 2 + 1);
    expect(maker.calls).toBe(2);
  });

  it('gives again what came back, the last one first', async () => {
    const [first = 0, second = 0] = await take(2);
    supply.giveBack(first);
    supply.giveBack(second);
    await expect(take(2)).resolves.toEqual([second, first]);
  });
});

describe('a supply that cannot make any', () => {
  it('tells each of those who wait, and asks once for all of them', async () => {
    maker.isBroken = true;
    const takers = await Promise.allSettled([supply.take(), supply.take(), supply.take()]);
    expect(takers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(maker.calls).toBe(1);
  });

  it('tries again for whoever comes later, and only then', async () => {
    maker.isBroken = true;
    await expect(supply.take()).rejects.toThrow('not made: 1');
    await expect(supply.take()).rejects.toThrow('not made: 2');
    maker.isBroken = false;
    await expect(supply.take()).resolves.toEqual(expect.any(Number));
  });

  it('lets nobody down who found one ready', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    await take(2);
    maker.isBroken = true;
    await expect(take(1)).resolves.toEqual([expect.any(Number)]);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(maker.calls).toBe(2);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('the end of a round', () => {
  it('gives up what a burst needed and nobody since, but for a batch', async () => {
    await useAtOnce(5 * batch);
    const made = maker.calls * batch;
    // The round in which they were needed.
    expect(supply.endRound()).toEqual([]);
    await useAtOnce(1);
    const surplus = supply.endRound();
    await useAtOnce(1);
    // One was lent while the others were ready.
    expect([surplus.length, supply.endRound()]).toEqual([made - 1 - batch, []]);
    expect(maker.calls * batch).toBe(made);
  });

  it('keeps what is lent, and takes it back', async () => {
    const lent = await take(3 * batch);
    expect(supply.endRound()).toEqual([]);
    for (const item of lent) supply.giveBack(item);
    await useAtOnce(1);
    const kept = new Set([...(await take(batch)), ...supply.endRound()]);
    expect(lent.filter((item) => kept.has(item)).length).toBeGreaterThan(0);
  });

  it('keeps a batch for as long as somebody takes one now and then', async () => {
    await useAtOnce(1);
    for (let round = 0; round < 30; round += 1) {
      if (round % 9 === 0) await useAtOnce(1);
      expect(supply.endRound()).toEqual([]);
    }
    expect(maker.calls).toBe(1);
  });

  it('gives up everything where nobody has taken one for long, and makes it again when somebody does', async () => {
    await useAtOnce(1);
    const rounds = Array.from({ length: 12 }, () => supply.endRound().length);
    expect(rounds.filter((count) => count > 0)).toEqual([batch]);
    const calls = maker.calls;
    await expect(supply.take()).resolves.toEqual(expect.any(Number));
    expect(maker.calls).toBe(calls + 1);
  });
});
