import { jest } from '@jest/globals';
import { InMemoryFunctionStore } from '../../test/fakes/in-memory-function-store.js';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { deployedFunction } from '../../test/support/builders/functions.js';
import type { DeployedFunction } from './function.js';
import { InvocationCounter } from './invocation-counter.js';

let clock: ManualClock;
let store: InMemoryFunctionStore;
let counter: InvocationCounter;
let one: DeployedFunction;

beforeEach(async () => {
  clock = new ManualClock();
  store = new InMemoryFunctionStore();
  counter = new InvocationCounter(store, clock, new RecordingLog());
  one = deployedFunction();
  await store.insert(one);
});

const call = (id = one.id) => {
  counter.count(id, clock.wallTime());
};

const stored = async () => (await store.list()).find(({ id }) => id === one.id)?.invokeCount;

/** Lets a commit that has begun end. */
const commitEnds = () => counter.flush();

describe('InvocationCounter', () => {
  it('writes nothing at once and everything within 50 ms, as one commit', async () => {
    const addInvocations = jest.spyOn(store, 'addInvocations');
    for (let i = 0; i < 100; i += 1) call();
    clock.advance(49);
    expect(addInvocations).not.toHaveBeenCalled();
    clock.advance(1);
    expect(addInvocations).toHaveBeenCalledTimes(1);
    await commitEnds();
    await expect(stored()).resolves.toBe(100);
  });

  it('sets a timer only while something waits', async () => {
    expect(clock.pendingTimers).toBe(0);
    call();
    call();
    expect(clock.pendingTimers).toBe(1);
    clock.advance(50);
    await commitEnds();
    expect(clock.pendingTimers).toBe(0);
  });

  it('writes at once when calls of 256 functions wait', () => {
    const addInvocations = jest.spyOn(store, 'addInvocations');
    for (let i = 0; i < 255; i += 1) call(`some-${i}`);
    expect(addInvocations).not.toHaveBeenCalled();
    call('one-more');
    expect(addInvocations).toHaveBeenCalledTimes(1);
    expect(addInvocations.mock.calls[0]?.[0]).toHaveLength(256);
  });

  it('keeps the latest time of a function, also when the clock has gone back', async () => {
    counter.count(one.id, new Date(2000));
    counter.count(one.id, new Date(1000));
    await counter.flush();
    expect((await store.list())[0]).toMatchObject({ invokeCount: 2, lastInvokedAt: new Date(2000) });
  });

  it('brings a refused commit again with what came meanwhile, once each', async () => {
    store.failNext();
    call();
    clock.advance(50);
    call();
    await Promise.resolve();
    await expect(counter.flush()).resolves.toBe(true);
    await expect(stored()).resolves.toBe(2);
    expect(clock.pendingTimers).toBe(0);
  });

  it('goes on trying by itself, every 50 ms', async () => {
    for (let i = 0; i < 3; i += 1) store.failNext();
    call();
    const addInvocations = jest.spyOn(store, 'addInvocations');
    for (let i = 1; i <= 4; i += 1) {
      clock.advance(50);
      expect(addInvocations).toHaveBeenCalledTimes(i);
      await settled();
    }
    await expect(stored()).resolves.toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('does not hammer a failing store when many functions wait', async () => {
    store.failNext();
    for (let i = 0; i < 256; i += 1) call(`some-${i}`);
    await settled();
    const addInvocations = jest.spyOn(store, 'addInvocations');
    for (let i = 0; i < 100; i += 1) call(`some-${i}`);
    expect(addInvocations).not.toHaveBeenCalled();
    clock.advance(50);
    expect(addInvocations).toHaveBeenCalledTimes(1);
  });

  it('says at the end when the store would not take the counts', async () => {
    call();
    store.failNext();
    await expect(counter.flush()).resolves.toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });

  it('flushes also what came while a commit was in flight', async () => {
    call();
    clock.advance(50);
    call();
    await counter.flush();
    await expect(stored()).resolves.toBe(2);
  });
});

/** All microtasks have run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
