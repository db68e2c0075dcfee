import fc from 'fast-check';
import { deployedFunction } from '../../../test/support/builders/functions.js';
import type { Sandbox } from '../sandbox.js';
import { FunctionPool, PrewarmedPools, type Waiter } from './function-pool.js';
import { KeptTotal } from './kept-total.js';
import { keptBy, totalOf } from './pool-policy.js';

const sandboxes = Array.from({ length: 3 }, () => Object.create(null) as Sandbox);

const waiters = Array.from({ length: 3 }, (): Waiter => ({ give: () => undefined, fail: () => undefined }));

interface Involved {
  readonly sandbox: Sandbox;
  readonly waiter: Waiter;
  readonly inBackground: boolean;
}

/** Everything that may happen to the pool of a function. */
const poolSteps: readonly ((pool: FunctionPool, involved: Involved) => unknown)[] = [
  (pool) => (pool.provisioning += 1),
  (pool) => (pool.provisioning = Math.max(0, pool.provisioning - 1)),
  (pool, { sandbox }) => {
    pool.keep(sandbox);
  },
  (pool, { sandbox, inBackground }) => pool.give(sandbox, inBackground),
  (pool, { sandbox }) => pool.drop(sandbox),
  (pool) => pool.take(),
  (pool) => pool.takeOldest(),
  (pool, { waiter, inBackground }) => {
    pool.enqueue(waiter, inBackground);
  },
  (pool, { waiter, inBackground }) => pool.dequeue(waiter, inBackground),
  (pool, { inBackground }) => pool.failWaiter(new Error('failed'), inBackground),
  (pool) => {
    pool.called(1);
  },
];

function poolOf(memoryMiB: number, total: KeptTotal): FunctionPool {
  return new FunctionPool(deployedFunction({ settings: { memoryMiB } }), 0, total);
}

const involved = fc.record({
  sandbox: fc.constantFrom(...sandboxes),
  waiter: fc.constantFrom(...waiters),
  inBackground: fc.boolean(),
});
const step = fc.tuple(fc.constantFrom(...poolSteps), involved);
const steps = fc.array(step, { maxLength: 40 });
/** One step of each of three pools. */
const turn = fc.tuple(step, step, step);

describe('the total that is kept', () => {
  it('is the sum over all pools, whatever happens to them', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 40 }), (turns) => {
        const total = new KeptTotal();
        const pools = [64, 128, 512].map((memoryMiB) => poolOf(memoryMiB, total));
        for (const taken of turns) {
          taken.forEach(([happens, to], index) => {
            const pool = pools[index];
            if (pool) happens(pool, to);
          });
          const shares = pools.map((each) => ({
            poolKey: each.deployed.id,
            containers: keptBy(each),
            memoryMiB: each.settings.memoryMiB,
            lastUsefulAtMs: 0,
          }));
          expect({ containers: total.containers, memoryMiB: total.memoryMiB }).toEqual(totalOf(shares));
        }
      }),
    );
  });

  it('has no part of a pool that is none of the server any more, whatever still happens to it', () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const total = new KeptTotal();
        const [pool, other] = [poolOf(64, total), poolOf(128, total)];
        other.provisioning = 1;
        for (const [happens, to] of before) happens(pool, to);
        pool.kept.leave();
        for (const [happens, to] of after) happens(pool, to);
        expect(total).toMatchObject({ containers: 1, memoryMiB: other.settings.memoryMiB });
      }),
    );
  });

  it('counts prewarmed containers, those that are being provisioned among them', () => {
    const total = new KeptTotal();
    const [pool] = new PrewarmedPools(total, 100).all;
    if (!pool) throw new Error('There are no runtimes.');
    const sandbox = Object.create(null) as Sandbox;
    pool.provisioning = 2;
    pool.keep(sandbox);
    expect(total).toMatchObject({ containers: 3, memoryMiB: 300 });
    pool.provisioning = 0;
    pool.drop(sandbox);
    pool.drop(sandbox);
    expect(total).toMatchObject({ containers: 0, memoryMiB: 0 });
    pool.keep(sandbox);
    pool.take();
    expect(total).toMatchObject({ containers: 0, memoryMiB: 0 });
  });
});
