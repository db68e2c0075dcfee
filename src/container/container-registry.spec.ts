import fc from 'fast-check';
import { UidPool } from './container-registry.js';

describe('the user ids of containers', () => {
  it('gives each id once, and none when all are taken', () => {
    const pool = new UidPool(10, 12);
    expect([pool.take(), pool.take(), pool.take(), pool.take()]).toEqual([10, 11, 12, undefined]);
    expect(pool.inUse).toBe(3);
  });

  it('uses a freed id again after all the others', () => {
    const pool = new UidPool(10, 12);
    pool.take();
    pool.free(10);
    expect([pool.take(), pool.take(), pool.take()]).toEqual([11, 12, 10]);
  });

  it('starts with the id that it is told', () => {
    const pool = new UidPool(10, 12);
    pool.beginAt(5);
    expect([pool.take(), pool.take()]).toEqual([12, 10]);
  });

  it('refuses to free what is not in use', () => {
    expect(() => {
      new UidPool(10, 12).free(10);
    }).toThrow('not in use');
  });

  it('never has one id in two hands', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (takes) => {
        const pool = new UidPool(1, 5);
        const held: number[] = [];
        for (const take of takes) {
          const uid = take ? pool.take() : undefined;
          if (uid !== undefined) {
            expect(held).not.toContain(uid);
            held.push(uid);
          } else if (held.length > 0) pool.free(held.shift()!);
        }
        expect(pool.inUse).toBe(held.length);
      }),
    );
  });
});
