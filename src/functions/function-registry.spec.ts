import { jest } from '@jest/globals';
import { InMemoryFunctionStore } from '../../test/fakes/in-memory-function-store.js';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { deployedFunction } from '../../test/support/builders/functions.js';
import type { ErrorCode } from '../common/errors/error-codes.js';
import { parseFunctionName } from './function-name.js';
import { FunctionRegistry } from './function-registry.js';
import type { DeployedFunction } from './function.js';
import { changeTo, deletionOf } from './change-feed.js';
import { InvocationCounter } from './invocation-counter.js';

const failure = (code: ErrorCode) => expect.objectContaining({ code }) as Error;

const hello = parseFunctionName('hello');
let clock: ManualClock;
let store: InMemoryFunctionStore;
let counter: InvocationCounter;
let registry: FunctionRegistry;

beforeEach(() => {
  clock = new ManualClock();
  store = new InMemoryFunctionStore();
  counter = new InvocationCounter(store, clock, new RecordingLog());
  registry = new FunctionRegistry(counter, clock, 3);
});

describe('FunctionRegistry', () => {
  it('lists what it was loaded with, in the same order', () => {
    const loaded = [deployedFunction({ name: 'b' }), deployedFunction({ name: 'a' })];
    registry = new FunctionRegistry(counter, clock, 3, loaded);
    expect(registry.list()).toEqual(loaded);
    expect(registry.count).toBe(2);
  });

  it('does not know names that every object has', () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty'] as const) {
      expect(registry.find(parseFunctionName(name))).toBeUndefined();
    }
  });

  it('says that a function is unknown', () => {
    expect(registry.find(hello)).toBeUndefined();
    expect(() => registry.get(hello)).toThrow(failure('FUNCTION_NOT_FOUND'));
    expect(() => registry.lease(hello)).toThrow(failure('FUNCTION_NOT_FOUND'));
  });

  it('lets calls find the current version by its number, and no other one by its', () => {
    const deployed = deployedFunction({ name: 'hello' });
    registry.apply(changeTo({ ...deployed, version: { ...deployed.version, number: 4 } }));
    registry.lease(hello, 4).release();
    for (const other of [3, 5]) {
      expect(() => {
        registry.requireCallable(hello, other);
      }).toThrow(failure('VERSION_NOT_FOUND'));
      expect(() => registry.lease(hello, other)).toThrow(failure('VERSION_NOT_FOUND'));
    }
  });

  it('counts admitted calls at once, and in the store soon', async () => {
    const deployed = deployedFunction({ name: 'hello' });
    await store.insert(deployed);
    registry.apply(changeTo(deployed));
    const lease = registry.lease(hello);
    expect(registry.get(hello)).toMatchObject({ invokeCount: 0, lastInvokedAt: null });
    registry.admitted(lease);
    expect(registry.get(hello)).toMatchObject({ invokeCount: 1, lastInvokedAt: clock.wallTime() });
    await counter.flush();
    await expect(store.list()).resolves.toEqual(registry.list());
  });

  it('goes on counting where the store left off', () => {
    const deployed = { ...deployedFunction({ name: 'hello' }), invokeCount: 41 };
    registry = new FunctionRegistry(counter, clock, 3, [deployed]);
    registry.admitted(registry.lease(hello));
    expect(registry.get(hello).invokeCount).toBe(42);
  });

  it('refuses calls of a function whose code has vanished, and still lists it, until it is back', () => {
    const broken = deployedFunction({ name: 'hello' });
    registry = new FunctionRegistry(counter, clock, 3, [broken], new Set([broken.version.id]));
    expect(registry.count).toBe(1);
    expect(() => registry.lease(hello)).toThrow(failure('CODE_UNAVAILABLE'));
    registry.markWhole(broken.version.id);
    registry.lease(hello).release();
    registry.markBroken(broken.version.id);
    registry.apply(changeTo({ ...broken, revision: 2, version: { ...broken.version, id: 'second' } }));
    expect(registry.isBroken('second')).toBe(false);
    registry.lease(hello).release();
  });

  describe('after a change', () => {
    const next = (deployed: DeployedFunction, versionId: string): DeployedFunction => ({
      ...deployed,
      revision: deployed.revision + 1,
      version: { ...deployed.version, id: versionId },
    });

    it('gives new calls the new revision, and says what was before', () => {
      const deployed = deployedFunction({ name: 'hello' });
      registry.apply(changeTo(deployed));
      const lease = registry.lease(hello);
      const after = next(deployed, 'second');
      expect(registry.apply(changeTo(after))).toEqual([{ kind: 'replaced', before: deployed, after }]);
      expect(registry.lease(hello).deployed).toBe(after);
      expect(lease.deployed).toBe(deployed);
    });

    it('keeps apart which version the calls in flight need', () => {
      const deployed = deployedFunction({ name: 'hello' });
      registry.apply(changeTo(deployed));
      const [first, back] = [deployed.version.id, next(next(deployed, 'second'), deployed.version.id)];
      const early = registry.lease(hello);
      registry.apply(changeTo(next(deployed, 'second')));
      const late = registry.lease(hello);
      registry.apply(changeTo(back));
      const third = registry.lease(hello);
      const leases = registry.leasesOf(deployed);
      registry.apply(deletionOf(registry.get(hello)));
      late.release();
      expect([leases.of(first).areOpen, leases.of('second').areOpen]).toEqual([true, false]);
      early.release();
      expect(leases.of(first).areOpen).toBe(true);
      third.release();
      expect(leases.of(first).areOpen).toBe(false);
    });

    it('does nothing that comes twice or late', () => {
      const deployed = deployedFunction({ name: 'hello' });
      const [second, third] = [next(deployed, 'second'), next(next(deployed, 'second'), 'third')];
      for (const revision of [deployed, second, third]) registry.apply(changeTo(revision));
      for (const revision of [third, second, deployed])
        expect(registry.apply(changeTo(revision))).toEqual([]);
      expect(registry.lease(hello).deployed).toBe(third);
    });

    it('takes a revision whose predecessors it was never told of', () => {
      const deployed = deployedFunction({ name: 'hello' });
      const fifth = { ...deployed, revision: 5 };
      registry.apply(changeTo(deployed));
      expect(registry.apply(changeTo(fifth))).toEqual([{ kind: 'replaced', before: deployed, after: fifth }]);
    });

    it('does nothing to a function that is gone, or to another one of its name', () => {
      const [old, other] = [deployedFunction({ name: 'hello' }), deployedFunction({ name: 'hello' })];
      registry.apply(changeTo(old));
      registry.apply(deletionOf(old));
      expect(registry.apply(changeTo(next(old, 'second')))).toEqual([]);
      registry.apply(changeTo(other));
      expect(registry.apply(changeTo(next(old, 'second')))).toEqual([]);
      expect(registry.lease(hello).deployed).toBe(other);
    });

    it('gives the name to the next function although nobody told of the deletion of the last one', () => {
      const [old, other] = [deployedFunction({ name: 'hello' }), deployedFunction({ name: 'hello' })];
      registry.apply(changeTo(old));
      expect(registry.apply(changeTo(other))).toEqual([
        { kind: 'deleted', before: old },
        { kind: 'deployed', after: other },
      ]);
      expect(registry.apply(deletionOf(old))).toEqual([]);
      expect(registry.lease(hello).deployed).toBe(other);
    });
  });

  describe('after a deletion', () => {
    it('refuses new calls at once, and frees the name', () => {
      const deployed = deployedFunction({ name: 'hello' });
      registry.apply(changeTo(deployed));
      registry.apply(deletionOf(deployed));
      expect(() => registry.lease(hello)).toThrow(failure('FUNCTION_NOT_FOUND'));
      expect(() => {
        registry.requireFree(hello);
      }).not.toThrow();
    });

    it('waits for every call in flight', async () => {
      const deployed = deployedFunction({ name: 'hello' });
      registry.apply(changeTo(deployed));
      const [first, second] = [registry.lease(hello), registry.lease(hello)];
      const leases = registry.leasesOf(deployed).of(deployed.version.id);
      registry.apply(deletionOf(deployed));
      const drained = jest.fn();
      const draining = leases.drained().then(drained);
      first.release();
      first.release();
      await Promise.resolve();
      expect(drained).not.toHaveBeenCalled();
      second.release();
      await draining;
      expect(leases.areOpen).toBe(false);
    });

    it('keeps a new function of the same name apart from calls of the old one', () => {
      const [old, next] = [deployedFunction({ name: 'hello' }), deployedFunction({ name: 'hello' })];
      registry.apply(changeTo(old));
      const lease = registry.lease(hello);
      registry.apply(deletionOf(old));
      registry.apply(changeTo(next));
      registry.admitted(lease);
      lease.release();
      expect(registry.get(hello).invokeCount).toBe(0);
      expect(registry.lease(hello).deployed).toBe(next);
      expect(registry.apply(deletionOf(old))).toEqual([]);
      expect(registry.count).toBe(1);
    });
  });

  describe('reserving a name', () => {
    it('keeps it for one, until given back', () => {
      const giveBack = registry.reserve(hello);
      expect(() => registry.reserve(hello)).toThrow(failure('FUNCTION_EXISTS'));
      expect(registry.find(hello)).toBeUndefined();
      giveBack();
      expect(() => registry.reserve(hello)).not.toThrow();
    });

    it('refuses a name in use', () => {
      registry.apply(changeTo(deployedFunction({ name: 'hello' })));
      expect(() => registry.reserve(hello)).toThrow(failure('FUNCTION_EXISTS'));
    });

    it('refuses more functions than the server may hold, reserved ones included', () => {
      registry.apply(changeTo(deployedFunction()));
      registry.reserve(parseFunctionName('a'));
      registry.reserve(parseFunctionName('b'));
      expect(() => registry.reserve(hello)).toThrow(failure('INSUFFICIENT_STORAGE'));
    });
  });
});
