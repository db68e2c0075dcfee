import { poolView, type PoolViewFields } from '../../../test/support/builders/calls.js';
import { defaultRuntime, type RuntimeName } from '../../runtimes/runtime.js';
import { nextProvision, type PrewarmedView, type ProvisionView } from './next-provision.js';
import type { PoolView } from './pool-policy.js';

const nowMs = 1000;

const pool = (fields: PoolViewFields) => poolView(nowMs, fields);

const prewarmed = (count: number, runtime: RuntimeName = defaultRuntime): PrewarmedView[] => [
  { runtime, count, wanted: 2 },
];

function view(pools: Record<string, PoolView>, fields: Partial<ProvisionView> = {}): ProvisionView {
  return {
    pools: new Map(Object.entries(pools)),
    prewarmed: prewarmed(2),
    isBackingOff: false,
    hasRoomAhead: true,
    mayCreatePrewarmed: true,
    mayCreateInBackground: true,
    mayCreate: () => true,
    hasPrewarmed: () => false,
    isPaused: () => false,
    ...fields,
  };
}

describe('what is provisioned next', () => {
  it('nothing when everything wanted is ready', () => {
    expect(nextProvision(view({ a: pool({ available: 1 }) }), nowMs)).toBeUndefined();
  });

  it('first what a waiting call needs', () => {
    const pools = { a: pool({}), b: pool({ waiting: 1 }) };
    expect(nextProvision(view(pools, { prewarmed: prewarmed(0) }), nowMs)).toEqual({
      kind: 'for-call',
      poolKey: 'b',
    });
  });

  it('nothing else while prewarming backs off', () => {
    const fields = { prewarmed: prewarmed(0), isBackingOff: true };
    expect(nextProvision(view({ a: pool({}) }, fields), nowMs)).toBeUndefined();
    expect(nextProvision(view({ a: pool({ waiting: 1 }) }, fields), nowMs)?.kind).toBe('for-call');
  });

  it('of two functions with waiting calls the one with fewer being provisioned, so that a burst starves nobody', () => {
    const pools = { burst: pool({ waiting: 16, provisioning: 3 }), quiet: pool({ waiting: 1 }) };
    expect(nextProvision(view(pools), nowMs)).toEqual({ kind: 'for-call', poolKey: 'quiet' });
  });

  it('nothing new of a function that has its share of what is created, but what a prewarmed container can become', () => {
    const pools = {
      slow: pool({ waiting: 3, provisioning: 2 }),
      other: pool({ waiting: 4, provisioning: 3 }),
    };
    const mayCreate = (poolKey: string) => poolKey !== 'slow';
    expect(nextProvision(view(pools, { mayCreate }), nowMs)).toEqual({ kind: 'for-call', poolKey: 'other' });
    const hasPrewarmed = (poolKey: string) => poolKey === 'slow';
    expect(nextProvision(view(pools, { mayCreate, hasPrewarmed }), nowMs)).toEqual({
      kind: 'for-call',
      poolKey: 'slow',
    });
    expect(nextProvision(view({ slow: pool({}) }, { mayCreate }), nowMs)).toBeUndefined();
  });

  it('no prewarmed container while as many containers are created as may be', () => {
    expect(
      nextProvision(view({}, { prewarmed: prewarmed(0), mayCreatePrewarmed: false }), nowMs),
    ).toBeUndefined();
  });

  it('then prewarmed containers, which help everyone', () => {
    expect(nextProvision(view({ a: pool({}) }, { prewarmed: prewarmed(1) }), nowMs)).toEqual({
      kind: 'prewarmed',
      runtime: defaultRuntime,
    });
  });

  it('of the runtime that has the fewest prewarmed containers', () => {
    const both = [...prewarmed(1), ...prewarmed(0, 'nodejs26.x')];
    expect(nextProvision(view({}, { prewarmed: both }), nowMs)).toEqual({
      kind: 'prewarmed',
      runtime: 'nodejs26.x',
    });
  });

  it('then ready containers ahead of calls, for the most recently useful first', () => {
    const pools = { older: pool({ lastUsefulAtMs: 1 }), newer: pool({ lastUsefulAtMs: 2 }) };
    expect(nextProvision(view(pools), nowMs)).toEqual({ kind: 'ahead', poolKey: 'newer' });
  });

  it('then what a call in the background needs, of the function with the fewest being provisioned', () => {
    const pools = {
      flooded: pool({ available: 1, waitingInBackground: 16, provisioning: 1 }),
      quiet: pool({ available: 1, waitingInBackground: 1 }),
    };
    expect(nextProvision(view(pools), nowMs)).toEqual({ kind: 'for-background', poolKey: 'quiet' });
    const lacking = { ...pools, other: pool({}) };
    expect(nextProvision(view(lacking), nowMs)).toEqual({ kind: 'ahead', poolKey: 'other' });
  });

  it('nothing for the background where it has its part of what is created, or while prewarming backs off', () => {
    const pools = { a: pool({ available: 1, waitingInBackground: 1 }) };
    expect(nextProvision(view(pools, { mayCreateInBackground: false }), nowMs)).toBeUndefined();
    expect(nextProvision(view(pools, { isBackingOff: true }), nowMs)).toBeUndefined();
  });

  it('what a call in the background needs where there is no room for what should be ready', () => {
    const pools = { lacking: pool({}), event: pool({ available: 1, waitingInBackground: 1 }) };
    const fields = { prewarmed: prewarmed(0), hasRoomAhead: false };
    expect(nextProvision(view(pools, fields), nowMs)).toEqual({ kind: 'for-background', poolKey: 'event' });
    expect(nextProvision(view({ lacking: pool({}) }, fields), nowMs)).toBeUndefined();
  });

  it('nothing ahead while a function pauses after a failure, but still for its calls', () => {
    const isPaused = () => true;
    expect(nextProvision(view({ a: pool({}) }, { isPaused }), nowMs)).toBeUndefined();
    expect(nextProvision(view({ a: pool({ waiting: 1 }) }, { isPaused }), nowMs)).toEqual({
      kind: 'for-call',
      poolKey: 'a',
    });
  });
});
