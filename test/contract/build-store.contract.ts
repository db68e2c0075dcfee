import { type BuildBudget, type BuildStore, bytesOf } from '../../src/builds/store/build-store.js';
import { buildLine, buildRecord } from '../support/builders/builds.js';

const lineBytes = bytesOf(buildLine(1));

/** Room for three builds of a function, five of all, ten plain lines, and a minute. */
export const contractBudget: BuildBudget = {
  builds: 5,
  buildsPerFunction: 3,
  logBytes: 10 * lineBytes,
  ageMs: 60_000,
};

/** What every `BuildStore` promises. `makeStore` gives an empty one that keeps the budget; `close` ends it. */
export function buildStoreContract(
  adapter: string,
  makeStore: (budget: BuildBudget) => Promise<{ readonly store: BuildStore; readonly close: () => void }>,
): void {
  describe(`the contract of BuildStore, kept by ${adapter}`, () => {
    let store: BuildStore;
    let close: () => void;
    beforeEach(async () => {
      ({ store, close } = await makeStore(contractBudget));
    });
    afterEach(() => {
      close();
    });

    const idsOf = async (functionName?: string) =>
      (await store.builds({ limit: 100, ...(functionName === undefined ? {} : { functionName }) })).map(
        ({ id }) => id,
      );
    const write = (id: string, changed: Parameters<typeof buildRecord>[1] = {}, lines = 0) =>
      store.write(
        buildRecord(id, changed),
        Array.from({ length: lines }, (_, index) => buildLine(index + 1)),
        2000,
      );

    it('gives a build as it was written last, with the lines of every write', async () => {
      const running = buildRecord('a', { state: 'running', endedAtMs: null });
      await store.write(running, [buildLine(1), buildLine(2, 'ünïcode \u001b \0')], 1000);
      await expect(store.build('a')).resolves.toEqual(running);
      const failure = { step: 'install', message: 'no' } as const;
      const failed = buildRecord('a', { state: 'failed', failure, cached: true, isTruncated: true });
      await store.write(failed, [buildLine(3)], 2000);
      await expect(store.build('a')).resolves.toEqual(failed);
      await expect(store.lines('a')).resolves.toEqual([
        buildLine(1),
        buildLine(2, 'ünïcode \u001b \0'),
        buildLine(3),
      ]);
    });

    it('has nothing of a build that it does not know', async () => {
      await expect(store.build('a')).resolves.toBeUndefined();
      await expect(store.lines('a')).resolves.toEqual([]);
      await expect(store.remove('a')).resolves.toBeUndefined();
    });

    it('lists the newest first, of one function or of all', async () => {
      await write('a');
      await write('b', { functionName: 'other' });
      await write('c');
      await expect(idsOf()).resolves.toEqual(['c', 'b', 'a']);
      await expect(idsOf('hello')).resolves.toEqual(['c', 'a']);
      await expect(store.builds({ limit: 1 })).resolves.toEqual([buildRecord('c')]);
    });

    it('keeps the place of a build that is written again', async () => {
      await write('a', { state: 'running', endedAtMs: null });
      await write('b');
      await write('a');
      await expect(idsOf()).resolves.toEqual(['b', 'a']);
    });

    it('drops the oldest of a function that has too many, with their lines', async () => {
      for (const id of ['a', 'b', 'c']) await write(id, {}, 1);
      await expect(write('d')).resolves.toEqual(['a']);
      await expect(idsOf()).resolves.toEqual(['d', 'c', 'b']);
      await expect(store.lines('a')).resolves.toEqual([]);
    });

    it('drops the oldest of all that are too many', async () => {
      for (const id of ['a', 'b', 'c', 'd', 'e']) await write(id, { functionName: id });
      await expect(write('f', { functionName: 'f' })).resolves.toEqual(['a']);
    });

    it('drops the oldest where their logs are too long together', async () => {
      await write('a', {}, 5);
      await write('b', {}, 5);
      await expect(write('c', {}, 1)).resolves.toEqual(['a']);
      await expect(idsOf()).resolves.toEqual(['c', 'b']);
    });

    it('drops what is too old', async () => {
      await write('a', { startedAtMs: 1000 });
      await expect(store.write(buildRecord('b', { startedAtMs: 61_000 }), [], 61_001)).resolves.toEqual([
        'a',
      ]);
    });

    it('drops no build that has not ended, however old or long', async () => {
      await write('a', { state: 'running', endedAtMs: null }, 20);
      for (const id of ['b', 'c', 'd']) await write(id);
      await expect(store.build('a')).resolves.toBeDefined();
      await write('a');
      await expect(store.build('a')).resolves.toBeUndefined();
    });

    it('forgets one build, or the ended ones of a function', async () => {
      await write('a');
      await write('b', { state: 'running', endedAtMs: null });
      await write('c', { functionName: 'other' });
      await write('d');
      await store.remove('d');
      await expect(store.forget('hello')).resolves.toEqual(['a']);
      await expect(idsOf()).resolves.toEqual(['c', 'b']);
    });
  });
}
