import { deployedFunction } from '../../test/support/builders/deployed-function.js';
import { functionsFixture } from '../../test/support/functions/functions-fixture.js';
import { FunctionRegistry, versionKeyOf } from './function-registry.js';
import { InvocationCounter } from './invocation-counter.js';
import { loadRegistry } from './load-registry.js';

describe('loadRegistry', () => {
  it('loads what is recorded, sweeps away the rest, and marks what has lost its code', async () => {
    const { store, code, vault, clock, log } = functionsFixture();
    const [whole, broken, unrecorded] = [deployedFunction(), deployedFunction(), deployedFunction()];
    await store.insert(whole);
    await store.insert(broken);
    const next = { ...whole, revision: 2, version: { ...whole.version, id: 'second', number: 2 } };
    await store.replace(next);
    for (const { name, version } of [whole, next, unrecorded]) {
      code.directories.set(code.directoryOf({ name, versionId: version.id }), new Map());
    }
    const counter = new InvocationCounter(store, clock, log);
    const registry = new FunctionRegistry(counter, clock, 10);
    await loadRegistry(registry, store, code, vault, log);
    expect(registry.list()).toEqual([next, broken]);
    const recorded = [whole, next].map((deployed) => code.directoryOf(versionKeyOf(deployed)));
    expect([...code.directories.keys()]).toEqual(recorded);
    registry.lease(whole.name).release();
    expect(() => registry.lease(broken.name)).toThrow(/missing or was changed/);
    expect(log.messagesAt('error')).toHaveLength(1);
  });
});
