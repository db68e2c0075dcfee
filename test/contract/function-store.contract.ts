import type { DeployedFunction } from '../../src/functions/function.js';
import { completeSettings } from '../../src/functions/settings/default-settings.js';
import type { FunctionStore } from '../../src/functions/store/function-store.js';
import { deployedFunction, sealedSecret } from '../support/builders/functions.js';

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
      const deployed = deployedFunction({
        settings: { isolation: 'warm', minContainers: 2 },
        secrets: [sealedSecret('A'), sealedSecret('B', { updatedAt: at(9) })],
      });
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

    it('replaces version, settings, secrets and revision together, and keeps its place in the list and its counts', async () => {
      const [deployed, later] = [deployedFunction(), deployedFunction()];
      await store.insert(deployed);
      await store.insert(later);
      await store.addInvocations([{ functionId: deployed.id, calls: 3, lastInvokedAt: at(1) }]);
      const next = changed(deployed, 2);
      await expect(store.replace({ ...next, invokeCount: 99 })).resolves.toBe(true);
      await expect(store.list()).resolves.toEqual([{ ...next, invokeCount: 3, lastInvokedAt: at(1) }, later]);
      await expect(store.versions(deployed.id)).resolves.toEqual([deployed.version, next.version]);
    });

    it('replaces settings alone, and goes back to a version it has', async () => {
      const deployed = deployedFunction();
      const next = changed(deployed, 2);
      await store.insert(deployed);
      await store.replace({ ...deployed, revision: 2, settings: next.settings });
      await store.replace({ ...next, revision: 3 });
      await store.replace({ ...deployed, revision: 4 });
      await expect(store.list()).resolves.toEqual([{ ...deployed, revision: 4 }]);
      await expect(store.versions(deployed.id)).resolves.toEqual([deployed.version, next.version]);
    });

    it('keeps why a revision did not load, until it did or another one takes its place', async () => {
      const deployed = deployedFunction();
      await store.insert(deployed);
      await store.recordLoad(deployed.id, 1, 'Error: no database');
      await expect(store.list()).resolves.toEqual([{ ...deployed, loadFailure: 'Error: no database' }]);
      await store.recordLoad(deployed.id, 1, null);
      await expect(store.list()).resolves.toEqual([deployed]);
      const next = { ...changed(deployed, 2), loadFailure: 'TypeError: broken' };
      await store.replace(next);
      await store.recordLoad(deployed.id, 1, null);
      await expect(store.list()).resolves.toEqual([next]);
      await store.recordLoad('unknown', 1, null);
    });

    it('replaces nothing where there is no such function', async () => {
      const gone = deployedFunction({ name: 'again' });
      await store.insert(gone);
      await store.remove(gone.id);
      const other = deployedFunction({ name: 'again' });
      await store.insert(other);
      await expect(store.replace(changed(gone, 2))).resolves.toBe(false);
      await expect(store.list()).resolves.toEqual([other]);
      await expect(store.versions(gone.id)).resolves.toEqual([]);
    });

    it('names the versions of all functions, with what they were when they were published', async () => {
      const [one, other] = [deployedFunction(), deployedFunction()];
      await store.insert(one);
      await store.insert(other);
      const next = changed(one, 2);
      await store.replace(next);
      const recorded = await store.recordedVersions();
      const expected = [one, next, other].map(({ name, version }) => {
        const { id: versionId, codeSha256, codeBytes } = version;
        return { name, versionId, codeSha256, codeBytes };
      });
      expect(recorded).toHaveLength(expected.length);
      expect(recorded).toEqual(expect.arrayContaining(expected));
    });

    it('forgets versions, but never the current one', async () => {
      const deployed = deployedFunction();
      const [second, third] = [changed(deployed, 2), changed(deployed, 3)];
      await store.insert(deployed);
      await store.replace(second);
      await store.replace(third);
      await store.removeVersions(deployed.id, []);
      await store.removeVersions(deployed.id, [deployed.version.id, third.version.id, 'unknown']);
      await expect(store.versions(deployed.id)).resolves.toEqual([second.version, third.version]);
      await expect(store.list()).resolves.toEqual([third]);
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

/** The next version of a function, with other settings. */
const changed = (deployed: DeployedFunction, number: number): DeployedFunction => ({
  ...deployed,
  revision: number,
  version: { ...deployed.version, id: `${deployed.version.id}-${number}`, number },
  settings: completeSettings({ maxContainers: 10 + number }),
  secrets: [sealedSecret('CHANGED', { nonce: `nonce ${number}` })],
});

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

const namesOf = (functions: readonly { readonly name: string }[]): string[] =>
  functions.map(({ name }) => name);
