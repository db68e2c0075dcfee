import { jest } from '@jest/globals';
import { InMemoryFunctionStore } from '../../test/fakes/in-memory-function-store.js';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { deployedFunction } from '../../test/support/builders/functions.js';
import { FunctionRegistry } from './function-registry.js';
import type { DeployedFunction } from './function.js';
import { InvocationCounter } from './invocation-counter.js';
import { LoadOutcomes } from './load-outcomes.js';

let store: InMemoryFunctionStore;
let registry: FunctionRegistry;
let log: RecordingLog;
let outcomes: LoadOutcomes;
let hello: DeployedFunction;

beforeEach(async () => {
  [store, log] = [new InMemoryFunctionStore(), new RecordingLog()];
  const clock = new ManualClock();
  hello = deployedFunction({ name: 'hello' });
  await store.insert(hello);
  registry = new FunctionRegistry(new InvocationCounter(store, clock, log), clock, 10, [hello]);
  outcomes = new LoadOutcomes(registry, store, log);
});

const fails = (reason: string) => ({ kind: 'fails', reason }) as const;
const loads = { kind: 'loads' } as const;
const shown = () => registry.get(hello.name).loadFailure;

async function stored(): Promise<string | null | undefined> {
  await outcomes.written();
  return (await store.list())[0]?.loadFailure;
}

describe('the outcomes of loading', () => {
  it('are shown at once and written: the last one counts', async () => {
    outcomes.tell(hello, fails('Error: one'));
    expect(shown()).toBe('Error: one');
    await expect(stored()).resolves.toBe('Error: one');
    outcomes.tell(hello, fails('Error: two'));
    outcomes.tell(hello, loads);
    outcomes.tell(hello, fails('Error: three'));
    await expect(stored()).resolves.toBe('Error: three');
    outcomes.tell(hello, loads);
    expect([shown(), await stored()]).toEqual([null, null]);
  });

  it('are written only when they say something new', async () => {
    const writing = jest.spyOn(store, 'recordLoad');
    outcomes.tell(hello, loads);
    outcomes.tell(hello, fails('Error: one'));
    outcomes.tell(hello, fails('Error: one'));
    outcomes.tell(hello, { kind: 'unknown', reason: 'No engine.' });
    await outcomes.written();
    expect(writing).toHaveBeenCalledTimes(1);
    expect(shown()).toBe('Error: one');
  });

  it('of a revision that is not the function’s say nothing of it, nor do those of another function of its name', async () => {
    outcomes.tell({ ...hello, revision: 2 }, fails('Error: a candidate'));
    outcomes.tell(deployedFunction({ name: 'hello' }), fails('Error: deleted long ago'));
    outcomes.tell(deployedFunction({ name: 'unknown' }), fails('Error: who?'));
    expect([shown(), await stored()]).toEqual([null, null]);
  });

  it('that cannot be written are shown all the same, and the next one is written', async () => {
    store.failNext();
    outcomes.tell(hello, fails('Error: one'));
    await expect(stored()).resolves.toBeNull();
    expect(shown()).toBe('Error: one');
    expect(log.messagesAt('warn')).toHaveLength(2);
    outcomes.tell(hello, fails('Error: two'));
    await expect(stored()).resolves.toBe('Error: two');
  });
});
