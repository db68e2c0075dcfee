import { deployedFunction } from '../../../test/support/builders/functions.js';
import type { Sandbox } from '../sandbox.js';
import { FunctionPool } from './function-pool.js';
import { KeptTotal } from './kept-total.js';

const sandbox = Object.create(null) as Sandbox;

function poolWith(minContainers: number): FunctionPool {
  return new FunctionPool(
    deployedFunction({ settings: { minContainers, maxContainers: 4 } }),
    0,
    new KeptTotal(),
  );
}

describe('what a pool lacks of the containers that it should always have', () => {
  it('is counted from when it was first seen, until they are there', () => {
    const pool = poolWith(2);
    expect(pool.lacksFor(500)).toBe(0);
    pool.noteLack(1000);
    pool.keep(sandbox);
    pool.noteLack(2000);
    expect(pool.lacksFor(5000)).toBe(4000);
    pool.keep(sandbox);
    pool.noteLack(6000);
    expect(pool.lacksFor(6000)).toBe(0);
    pool.take();
    pool.noteLack(7000);
    expect(pool.lacksFor(7500)).toBe(500);
  });

  it('is nothing while calls have them', () => {
    const pool = poolWith(2);
    pool.busy = 2;
    pool.noteLack(1000);
    expect(pool.lacksFor(9000)).toBe(0);
  });

  it.each(['closed', 'isFailing'] as const)('is nothing where none is provisioned ahead: %s', (why) => {
    const pool = poolWith(2);
    pool.noteLack(1000);
    pool[why] = true;
    pool.noteLack(2000);
    expect(pool.lacksFor(9000)).toBe(0);
  });

  it('is nothing for a function that need not have any', () => {
    const pool = poolWith(0);
    pool.noteLack(1000);
    expect(pool.lacksFor(9000)).toBe(0);
  });
});
