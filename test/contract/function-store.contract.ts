import type { FunctionStore } from '../../src/functions/store/function-store.js';
import { deployedFunction } from '../support/builders/deployed-function.js';

/** What every `FunctionStore` promises. `makeStore` gives an empty one; the caller removes what it leaves. */
export function describeFunctionStore(adapter: string, makeStore: () => Promise<FunctionStore>): void {
  describe(`the FunctionStore contract, kept by ${adapter}`, () => {
    let store: FunctionStore;

    beforeEach(async () => {
      store = await makeStore();
    });

    afterEach(async () => {
      await store.close();
    });

    it('is empty at first', async () => {
      await expect(store.list()).resolves.toEqual([]);
    });

    it('gives back exactly what was inserted', async () => {
      const deployed = deployedFunction({ settings: { isolation: 'warm', minContainers: 2 } });
      await store.insert(deployed);
      await expect(store.list()).resolves.toEqual([deployed]);
    });

    it('lists in the order of deployment', async () => {
      const [late, early] = [deployedFunction({ name: 'b' }), deployedFunction({ name: 'a' })];
      await store.insert(late);
      await store.insert(early);
      expect(namesOf(await store.list())).toEqual(['b', 'a']);
    });

    it('refuses a taken name and keeps the first', async () => {
      const first = deployedFunction({ name: 'taken' });
      await store.insert(first);
      await expect(store.insert(deployedFunction({ name: 'taken' }))).rejects.toMatchObject({
        code: 'FUNCTION_EXISTS',
      });
      await expect(store.list()).resolves.toEqual([first]);
    });

    it('takes names that differ in case for different names', async () => {
      await store.insert(deployedFunction({ name: 'case' }));
      await store.insert(deployedFunction({ name: 'CASE' }));
      expect(namesOf(await store.list())).toEqual(['case', 'CASE']);
    });

    it('lets exactly one of several inserts of one name at once succeed', async () => {
      const attempts = Array.from({ length: 8 }, () => store.insert(deployedFunction({ name: 'wanted' })));
      const outcomes = await Promise.allSettled(attempts);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(namesOf(await store.list())).toEqual(['wanted']);
    });

    it('removes by id and frees the name at once', async () => {
      const first = deployedFunction({ name: 'again' });
      await store.insert(first);
      await expect(store.remove(first.id)).resolves.toBe(true);
      await expect(store.list()).resolves.toEqual([]);
      const second = deployedFunction({ name: 'again' });
      await store.insert(second);
      await expect(store.remove(first.id)).resolves.toBe(false);
      await expect(store.list()).resolves.toEqual([second]);
    });

    it('adds calls to what was counted before', async () => {
      const deployed = deployedFunction();
      await store.insert(deployed);
      await store.addInvocations([{ functionId: deployed.id, calls: 3, lastInvokedAt: at(1) }]);
      await store.addInvocations([{ functionId: deployed.id, calls: 2, lastInvokedAt: at(2) }]);
      await expect(store.list()).resolves.toEqual([{ ...deployed, invokeCount: 5, lastInvokedAt: at(2) }]);
    });

    it('never moves the last invocation back, also when the clock has', async () => {
      const deployed = deployedFunction();
      await store.insert(deployed);
      await store.addInvocations([{ functionId: deployed.id, calls: 1, lastInvokedAt: at(9) }]);
      await store.addInvocations([{ functionId: deployed.id, calls: 1, lastInvokedAt: at(4) }]);
      expect((await store.list())[0]).toMatchObject({ invokeCount: 2, lastInvokedAt: at(9) });
    });

    it('counts for many functions at once and passes over those that are gone', async () => {
      const all = Array.from({ length: 300 }, () => deployedFunction());
      for (const deployed of all) await store.insert(deployed);
      await store.remove(all[0]!.id);
      await store.addInvocations(all.map(({ id }) => ({ functionId: id, calls: 1, lastInvokedAt: at(1) })));
      const counts = (await store.list()).map(({ invokeCount }) => invokeCount);
      expect(counts).toEqual(Array<number>(299).fill(1));
    });

    it('is content with no counts at all', async () => {
      await expect(store.addInvocations([])).resolves.toBeUndefined();
    });

    it('says that it is well', async () => {
      await expect(store.check()).resolves.toBeUndefined();
    });
  });
}

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

const namesOf = (functions: readonly { readonly name: string }[]): string[] =>
  functions.map(({ name }) => name);
