import { poolView, type PoolViewFields } from '../../../test/support/builders/calls.js';
import { nextMake, type MakingView } from './next-make.js';
import type { PoolView } from './pool-policy.js';

const nowMs = 1000;

const pool = (fields: PoolViewFields) => poolView(nowMs, fields);

function view(pools: Record<string, PoolView>, fields: Partial<MakingView> = {}): MakingView {
  return {
    pools: new Map(Object.entries(pools)),
    stems: 2,
    wantedStems: 2,
    callsFirst: false,
    mayCreateStem: true,
    mayCreate: () => true,
    hasStem: () => false,
    pausedUntilMs: new Map(),
    ...fields,
  };
}

describe('what is made next', () => {
  it('nothing when all that is wanted stands ready', () => {
    expect(nextMake(view({ a: pool({ available: 1 }) }), nowMs)).toBeUndefined();
  });

  it('first what a waiting call needs', () => {
    const pools = { a: pool({}), b: pool({ waiting: 1 }) };
    expect(nextMake(view(pools, { stems: 0 }), nowMs)).toEqual({ kind: 'for-call', poolKey: 'b' });
  });

  it('nothing else while calls come first', () => {
    const fields = { stems: 0, callsFirst: true };
    expect(nextMake(view({ a: pool({}) }, fields), nowMs)).toBeUndefined();
    expect(nextMake(view({ a: pool({ waiting: 1 }) }, fields), nowMs)?.kind).toBe('for-call');
  });

  it('of two functions with waiting calls the one with fewer in the making, so that a burst starves nobody', () => {
    const pools = { burst: pool({ waiting: 16, making: 3 }), quiet: pool({ waiting: 1 }) };
    expect(nextMake(view(pools), nowMs)).toEqual({ kind: 'for-call', poolKey: 'quiet' });
  });

  it('nothing new of a function that has its share of what is created, but what a stem can become', () => {
    const pools = { slow: pool({ waiting: 3, making: 2 }), other: pool({ waiting: 4, making: 3 }) };
    const mayCreate = (poolKey: string) => poolKey !== 'slow';
    expect(nextMake(view(pools, { mayCreate }), nowMs)).toEqual({ kind: 'for-call', poolKey: 'other' });
    const hasStem = (poolKey: string) => poolKey === 'slow';
    expect(nextMake(view(pools, { mayCreate, hasStem }), nowMs)).toEqual({
      kind: 'for-call',
      poolKey: 'slow',
    });
    expect(nextMake(view({ slow: pool({}) }, { mayCreate }), nowMs)).toBeUndefined();
  });

  it('no stem while as many containers are created as may be', () => {
    expect(nextMake(view({}, { stems: 0, mayCreateStem: false }), nowMs)).toBeUndefined();
  });

  it('then stems, which help everyone', () => {
    expect(nextMake(view({ a: pool({}) }, { stems: 1 }), nowMs)).toEqual({ kind: 'stem' });
  });

  it('then what stands ready ahead of calls, for the most recently useful first', () => {
    const pools = { older: pool({ lastUsefulAtMs: 1 }), newer: pool({ lastUsefulAtMs: 2 }) };
    expect(nextMake(view(pools), nowMs)).toEqual({ kind: 'ahead', poolKey: 'newer' });
  });

  it('nothing ahead while a function pauses after a failure, but still for its calls', () => {
    const pausedUntilMs = new Map([['a', nowMs + 1]]);
    expect(nextMake(view({ a: pool({}) }, { pausedUntilMs }), nowMs)).toBeUndefined();
    expect(nextMake(view({ a: pool({ waiting: 1 }) }, { pausedUntilMs }), nowMs)).toEqual({
      kind: 'for-call',
      poolKey: 'a',
    });
  });
});
