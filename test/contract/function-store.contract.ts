import type { DeployedFunction } from '../../src/functions/function.js';
import { completeSettings } from '../../src/functions/settings/default-settings.js';
import {
  changesKept,
  type ChangeOutcome,
  type FunctionStore,
  type NextRevision,
} from '../../src/functions/store/function-store.js';
import { changeOf, deployedFunction, sealedSecret } from '../support/builders/functions.js';

/** How a step of the store goes wrong: refused, or its answer lost before or after it was taken. */
export type Fault = 'refused' | 'lost before' | 'lost after';

/** A store whose steps fail as the suite says. */
export interface FaultyStore {
  readonly store: FunctionStore;
  /** The `nth` step from now, from 1. */
  breakNth(nth: number, fault: Fault): void;
  /** Takes a fault back that has not happened; false when it has. */
  withdraw(): boolean;
}

/** What every `FunctionStore` promises. Each function gives an empty one; the caller removes what it leaves. */
export function describeFunctionStore(
  adapter: string,
  makeStore: () => Promise<FunctionStore>,
  makeFaulty: () => Promise<FaultyStore>,
): void {
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
      await expect(store.insert(deployedFunction({ name: 'taken' }))).resolves.toBe('conflict');
      await expect(store.list()).resolves.toEqual([first]);
    });

    it('takes names that differ in case for different names', async () => {
      await store.insert(deployedFunction({ name: 'case' }));
      await store.insert(deployedFunction({ name: 'CASE' }));
      expect(namesOf(await store.list())).toEqual(['case', 'CASE']);
    });

    it('lets exactly one of several inserts of one name at once succeed', async () => {
      const attempts = Array.from({ length: 8 }, () => store.insert(deployedFunction({ name: 'wanted' })));
      const outcomes = await Promise.all(attempts);
      expect(outcomes.sort()).toEqual([...Array<string>(7).fill('conflict'), 'done']);
      expect(namesOf(await store.list())).toEqual(['wanted']);
    });

    it('removes by id and frees the name at once', async () => {
      const first = deployedFunction({ name: 'again' });
      await store.insert(first);
      await expect(store.remove(first)).resolves.toBe('done');
      await expect(store.find(first.id)).resolves.toBeUndefined();
      await expect(store.list()).resolves.toEqual([]);
      const second = deployedFunction({ name: 'again' });
      await store.insert(second);
      await expect(store.remove(first)).resolves.toBe('conflict');
      await expect(store.list()).resolves.toEqual([second]);
    });

    it('replaces version, settings, secrets and revision together, and keeps its place in the list and its counts', async () => {
      const [deployed, later] = [deployedFunction(), deployedFunction()];
      await store.insert(deployed);
      await store.insert(later);
      await store.addInvocations([{ functionId: deployed.id, calls: 3, lastInvokedAt: at(1) }]);
      const next = changed(deployed, 2);
      await expect(store.replace(changeOf({ ...next, invokeCount: 99 }))).resolves.toBe('done');
      await expect(store.list()).resolves.toEqual([{ ...next, invokeCount: 3, lastInvokedAt: at(1) }, later]);
      await expect(store.versions(deployed.id)).resolves.toEqual([deployed.version, next.version]);
    });

    it('replaces settings alone, and goes back to a version it has', async () => {
      const deployed = deployedFunction();
      const next = changed(deployed, 2);
      await store.insert(deployed);
      await store.replace(changeOf({ ...deployed, revision: 2, settings: next.settings }));
      await store.replace(changeOf({ ...next, revision: 3 }));
      await store.replace(changeOf({ ...deployed, revision: 4 }));
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
      await store.replace(changeOf(next));
      await store.recordLoad(deployed.id, 1, null);
      await expect(store.list()).resolves.toEqual([next]);
      await store.recordLoad('unknown', 1, null);
    });

    it('replaces nothing where there is no such function', async () => {
      const gone = deployedFunction({ name: 'again' });
      await store.insert(gone);
      await store.remove(gone);
      const other = deployedFunction({ name: 'again' });
      await store.insert(other);
      await expect(store.replace(changeOf(changed(gone, 2)))).resolves.toBe('conflict');
      await expect(store.list()).resolves.toEqual([other]);
      await expect(store.versions(gone.id)).resolves.toEqual([]);
    });

    it('names the versions of all functions, with what they were when they were published', async () => {
      const [one, other] = [deployedFunction(), deployedFunction()];
      await store.insert(one);
      await store.insert(other);
      const next = changed(one, 2);
      await store.replace(changeOf(next));
      const recorded = await store.recordedVersions();
      const expected = [one, next, other].map(({ name, version }) => {
        const { id: versionId, codeSha256, codeBytes } = version;
        return { name, versionId, codeSha256, codeBytes };
      });
      expect(recorded).toHaveLength(expected.length);
      expect(recorded).toEqual(expect.arrayContaining(expected));
    });

    it('forgets versions with a change, but never the current one', async () => {
      const deployed = deployedFunction();
      const [second, third] = [changed(deployed, 2), changed(deployed, 3)];
      await store.insert(deployed);
      await store.replace(changeOf(second, []));
      await store.replace(changeOf(third, [deployed.version.id, third.version.id, 'unknown']));
      await expect(store.versions(deployed.id)).resolves.toEqual([second.version, third.version]);
      await expect(store.list()).resolves.toEqual([third]);
    });

    it('refuses what would replace another revision than the current one', async () => {
      const deployed = deployedFunction();
      const [second, third] = [changed(deployed, 2), changed(deployed, 3)];
      await store.insert(deployed);
      for (const replaces of [0, 2, 3]) {
        const change = { ...changeOf(third, [deployed.version.id]), replaces };
        await expect(store.replace(change)).resolves.toBe('conflict');
      }
      await store.replace(changeOf(second));
      await expect(store.remove(deployed)).resolves.toBe('conflict');
      await expect(store.replace(changeOf({ ...second, secrets: [] }))).resolves.toBe('conflict');
      await expect(store.list()).resolves.toEqual([second]);
      await expect(store.versions(deployed.id)).resolves.toEqual([deployed.version, second.version]);
    });

    it('lets exactly one of several changes of one revision at once succeed', async () => {
      const deployed = deployedFunction();
      await store.insert(deployed);
      const changes = Array.from({ length: 8 }, (_, index) => {
        const next = changed(deployed, 2);
        return changeOf({ ...next, version: { ...next.version, id: `version at once ${index}` } });
      });
      const outcomes = await Promise.all(changes.map((change) => store.replace(change)));
      expect([...outcomes].sort()).toEqual([...Array<string>(7).fill('conflict'), 'done']);
      const winner = changes[outcomes.indexOf('done')]!;
      await expect(store.list()).resolves.toEqual([winner.next]);
      await expect(store.versions(deployed.id)).resolves.toHaveLength(2);
      const known = changes.map(({ changeId }) => store.hasChange(deployed.id, changeId));
      await expect(Promise.all(known)).resolves.toEqual(changes.map((change) => change === winner));
    });

    it('knows the newest changes of a function, and none of one that is gone', async () => {
      const [deployed, other] = [deployedFunction(), deployedFunction()];
      await store.insert(deployed);
      await store.insert(other);
      const changes = Array.from({ length: changesKept + 1 }, (_, index) =>
        changeOf({ ...deployed, revision: index + 2 }),
      );
      for (const change of changes) await store.replace(change);
      const [oldest, next] = changes;
      await expect(store.hasChange(deployed.id, oldest!.changeId)).resolves.toBe(false);
      await expect(store.hasChange(deployed.id, next!.changeId)).resolves.toBe(true);
      await expect(store.hasChange(other.id, next!.changeId)).resolves.toBe(false);
      await store.remove(changes.at(-1)!.next);
      await expect(store.hasChange(deployed.id, next!.changeId)).resolves.toBe(false);
    });

    describe('of a host', () => {
      const withHosts = (...hosts: string[]) => deployedFunction({ settings: { hosts } });
      const next = (deployed: DeployedFunction, revision: number, ...hosts: string[]) =>
        changeOf({ ...deployed, revision, settings: completeSettings({ hosts }) });
      const taken = (host: string) => ({
        code: 'HOST_TAKEN',
        message: expect.stringContaining(host) as string,
      });

      it('knows one owner: a new function that wants it is refused whole', async () => {
        const first = withHosts('a.example.com', 'shop.example.com');
        await store.insert(first);
        const other = withHosts('b.example.com', 'shop.example.com');
        await expect(store.insert(other)).rejects.toMatchObject(taken('shop.example.com'));
        await expect(store.list()).resolves.toEqual([first]);
        await expect(store.insert(withHosts('b.example.com'))).resolves.toBe('done');
      });

      it('never says whose it is', async () => {
        const owner = deployedFunction({ name: 'confidential', settings: { hosts: ['a.example.com'] } });
        await store.insert(owner);
        const error = await store.insert(withHosts('a.example.com')).catch((thrown: unknown) => thrown);
        expect(String(error)).not.toContain('confidential');
      });

      it('refuses a change that wants it, and the function stays as it is', async () => {
        const [owner, other] = [withHosts('shop.example.com'), withHosts('b.example.com')];
        await store.insert(owner);
        await store.insert(other);
        const change = next(other, 2, 'c.example.com', 'shop.example.com');
        await expect(store.replace(change)).rejects.toMatchObject(taken('shop.example.com'));
        await expect(store.list()).resolves.toEqual([owner, other]);
        await expect(store.hasChange(other.id, change.changeId)).resolves.toBe(false);
        await expect(store.insert(withHosts('c.example.com'))).resolves.toBe('done');
      });

      it('keeps the owner through changes of other settings', async () => {
        const owner = withHosts('shop.example.com');
        await store.insert(owner);
        await store.replace(next(owner, 2, 'shop.example.com', 'b.example.com'));
        await store.replace(next(owner, 3, 'b.example.com', 'shop.example.com'));
        await expect(store.insert(withHosts('shop.example.com'))).rejects.toMatchObject(
          taken('shop.example.com'),
        );
      });

      it('is free again once its owner gives it up or is removed', async () => {
        const [first, second] = [withHosts('a.example.com'), withHosts('b.example.com')];
        await store.insert(first);
        await store.insert(second);
        await store.replace(next(first, 2));
        await store.remove(second);
        await expect(store.insert(withHosts('a.example.com', 'b.example.com'))).resolves.toBe('done');
      });

      it('lets exactly one of several changes at once have it', async () => {
        const all = Array.from({ length: 4 }, () => deployedFunction());
        for (const deployed of all) await store.insert(deployed);
        const outcomes = await Promise.allSettled([
          ...all.map((deployed) => store.replace(next(deployed, 2, 'shop.example.com'))),
          ...all.map(() => store.insert(withHosts('shop.example.com'))),
        ]);
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        const owners = (await store.list()).filter(({ settings }) => settings.hosts.length > 0);
        expect(owners).toHaveLength(1);
      });
    });

    it('finds a function by its id', async () => {
      const [deployed, other] = [deployedFunction(), deployedFunction()];
      await store.insert(deployed);
      await store.insert(other);
      await expect(store.find(deployed.id)).resolves.toEqual(deployed);
      await expect(store.find('unknown')).resolves.toBeUndefined();
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
      await store.remove(all[0]!);
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

    describe.each<Fault>(['refused', 'lost before', 'lost after'])('when a step is %s', (fault) => {
      it.each(Object.entries(changesOfAll))(
        'tells the truth of %s, or that it does not know, whichever step it is',
        async (_, { prepare, change, wasMade }) => {
          const outcomes = new Set<string>();
          for (let nth = 1, isOver = false; !isOver; nth += 1) {
            const faulty = await makeFaulty();
            const before = await prepare(faulty.store);
            faulty.breakNth(nth, fault);
            const outcome = await change(faulty.store, before).catch(() => 'rejected' as const);
            isOver = faulty.withdraw();
            const isMade = await wasMade(faulty.store, before);
            // Only what is unknown may be either.
            if (outcome !== 'unknown') expect([outcome, isMade]).toEqual([outcome, outcome === 'done']);
            expect(isOver ? outcome : 'done').toBe('done');
            outcomes.add(`${outcome}: ${isMade ? 'made' : 'not made'}`);
            await faulty.store.close();
          }
          expect(outcomes).toContain(truthOf[fault]);
        },
      );
    });
  });
}

const truthOf: Readonly<Record<Fault, string>> = {
  refused: 'rejected: not made',
  'lost before': 'unknown: not made',
  'lost after': 'unknown: made',
};

interface ChangeUnderTest {
  readonly prepare: (store: FunctionStore) => Promise<NextRevision>;
  readonly change: (store: FunctionStore, change: NextRevision) => Promise<ChangeOutcome>;
  readonly wasMade: (store: FunctionStore, change: NextRevision) => Promise<boolean>;
}

async function inserted(store: FunctionStore): Promise<NextRevision> {
  const deployed = deployedFunction();
  await store.insert(deployed);
  return changeOf(changed(deployed, 2), [deployed.version.id]);
}

const changesOfAll: Readonly<Record<string, ChangeUnderTest>> = {
  insert: {
    prepare: async () =>
      changeOf({ ...deployedFunction({ settings: { hosts: ['shop.example.com'] } }), revision: 1 }),
    change: (store, { next }) => store.insert(next),
    wasMade: async (store, { next }) => {
      const isMade = (await store.find(next.id)) !== undefined;
      expect(await hasOwner(store, 'shop.example.com')).toBe(isMade);
      return isMade;
    },
  },
  replace: {
    prepare: inserted,
    change: (store, change) => store.replace(change),
    wasMade: async (store, { next, changeId }) => {
      const [isKnown, versions, found] = [
        await store.hasChange(next.id, changeId),
        await store.versions(next.id),
        await store.find(next.id),
      ];
      // All of it, or nothing.
      expect(found?.revision).toBe(isKnown ? 2 : 1);
      expect(versions.map(({ number }) => number)).toEqual([isKnown ? 2 : 1]);
      return isKnown;
    },
  },
  remove: {
    prepare: inserted,
    change: (store, { next, replaces }) => store.remove({ id: next.id, revision: replaces }),
    wasMade: async (store, { next }) => {
      const isGone = (await store.find(next.id)) === undefined;
      expect(await store.versions(next.id)).toHaveLength(isGone ? 0 : 1);
      return isGone;
    },
  },
};

/** Nobody else gets a host that has an owner. */
const hasOwner = (store: FunctionStore, host: string): Promise<boolean> =>
  store.insert(deployedFunction({ settings: { hosts: [host] } })).then(
    () => false,
    (error: unknown) => (error as { code?: unknown }).code === 'HOST_TAKEN',
  );

/** The next version of a function, with other settings. */
const changed = (deployed: DeployedFunction, number: number): DeployedFunction => ({
  ...deployed,
  revision: number,
  version: {
    ...deployed.version,
    id: `${deployed.version.id}-${number}`,
    number,
    publishedBy: number % 2 === 0 ? null : 'fedcba987654',
    publishedWith: number % 2 === 0 ? null : { maxContainers: number, environment: { A: 'ü' } },
  },
  settings: completeSettings({ maxContainers: 10 + number, hosts: [`${number}.${deployed.id}.example.com`] }),
  secrets: [sealedSecret('CHANGED', { nonce: `nonce ${number}` })],
});

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

const namesOf = (functions: readonly { readonly name: string }[]): string[] =>
  functions.map(({ name }) => name);
