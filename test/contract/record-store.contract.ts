import {
  type InvocationQuery,
  budgetBytesOf,
  type LineQuery,
  type RecordBudget,
  type RecordStore,
} from '../../src/records/store/record-store.js';
import { invocationRecord, logLine, recordBatch } from '../support/builders/calls.js';

const hello = { id: 'f-hello', name: 'hello', version: 1, revision: 2 };
const other = { id: 'f-other', name: 'other', version: 1, revision: 1 };

/** Room for four plain lines of one function and six of all, three records of one function and five of all. */
const lineBytes = budgetBytesOf(logLine(1));
export const contractBudget = {
  logBytesPerFunction: 4 * lineBytes,
  logBytes: 6 * lineBytes,
  invocationsPerFunction: 3,
  invocations: 5,
  scannedLines: 100,
} satisfies RecordBudget;

/** What every `RecordStore` promises. `makeStore` gives an empty one that keeps the budget. */
export function recordStoreContract(
  adapter: string,
  makeStore: (budget: typeof contractBudget) => Promise<RecordStore>,
): void {
  describe(`the contract of RecordStore, kept by ${adapter}`, () => {
    let store: RecordStore;
    beforeEach(async () => {
      store = await makeStore(contractBudget);
    });
    afterEach(() => store.close());

    const linesOf = async (query: Partial<LineQuery> = {}) =>
      (await store.lines({ functionId: hello.id, limit: 100, ...query })).lines.map(
        ({ sequence }) => sequence,
      );
    const idsOf = async (functionId?: string) =>
      (
        await store.invocations(
          functionId === undefined ? { limit: 100 } : { functionIds: [functionId], limit: 100 },
        )
      ).map(({ id }) => id);

    it('is empty at first', async () => {
      await expect(linesOf()).resolves.toEqual([]);
      await expect(idsOf()).resolves.toEqual([]);
      await expect(store.invocation('nobody')).resolves.toBeUndefined();
      await expect(store.newestSequence()).resolves.toBe(0);
    });

    it('has lines in the order of their numbers, also where a batch has smaller ones than the batch before', async () => {
      await store.write(recordBatch({ lines: [logLine(2), logLine(9, { function: other })] }));
      await store.write(recordBatch({ lines: [logLine(3), logLine(7), logLine(8)] }));
      await expect(linesOf()).resolves.toEqual([2, 3, 7, 8]);
      await expect(store.newestSequence()).resolves.toBe(9);
    });

    it('drops the oldest of all by their numbers, not by when they were written', async () => {
      const third = { id: 'f-third', name: 'third', version: 1, revision: 1 };
      const ofOther = (sequence: number) => logLine(sequence, { function: other });
      await store.write(recordBatch({ lines: [ofOther(5), ofOther(6), ofOther(7)] }));
      await store.write(recordBatch({ lines: [logLine(1), logLine(2), logLine(3)] }));
      await store.write(recordBatch({ lines: [logLine(8, { function: third })] }));
      await expect(linesOf()).resolves.toEqual([2, 3]);
    });

    it('gives back exactly the lines that were written, in their order', async () => {
      const lines = [
        logLine(1, { text: 'nul \0, escape \u001b[31m, \u202e, 😀', phase: 'load' }),
        logLine(2, { invocationId: 'i-1', stream: 'stderr', level: 'error', isCut: true, droppedBytes: 7 }),
        logLine(3, { text: '', phase: 'idle', level: 'debug', stream: 'runtime' }),
      ];
      await store.write(recordBatch({ lines }));
      await expect(store.lines({ functionId: hello.id, limit: 100 })).resolves.toEqual({ lines, next: null });
      await expect(store.newestSequence()).resolves.toBe(3);
    });

    it('gives the newest lines, or those before or after a number', async () => {
      await store.write(recordBatch({ lines: [1, 2, 3, 4].map((sequence) => logLine(sequence)) }));
      await expect(linesOf({ limit: 2 })).resolves.toEqual([3, 4]);
      await expect(linesOf({ limit: 2, before: 4 })).resolves.toEqual([2, 3]);
      await expect(linesOf({ limit: 2, after: 1 })).resolves.toEqual([2, 3]);
    });

    it('gives the lines of one function, one call, some levels, one span of time', async () => {
      const lines = [
        logLine(1, { invocationId: 'i-1', atMs: 100 }),
        logLine(2, { invocationId: 'i-2', atMs: 200, level: 'error' }),
        logLine(3, { function: other, invocationId: 'i-3', atMs: 300 }),
        logLine(4, { invocationId: 'i-2', atMs: 400, level: 'debug' }),
      ];
      await store.write(recordBatch({ lines }));
      await expect(linesOf()).resolves.toEqual([1, 2, 4]);
      await expect(linesOf({ functionId: other.id })).resolves.toEqual([3]);
      await expect(linesOf({ invocationId: 'i-2' })).resolves.toEqual([2, 4]);
      await expect(linesOf({ invocationId: 'i-3' })).resolves.toEqual([]);
      await expect(linesOf({ levels: ['info', 'error'] })).resolves.toEqual([1, 2]);
      await expect(linesOf({ sinceMs: 200, untilMs: 400 })).resolves.toEqual([2]);
    });

    it('gives the lines that have a text in them, letter for letter', async () => {
      const texts = ['100%_x', '10%\u00001', '1000', 'Ü'];
      await store.write(recordBatch({ lines: texts.map((text, index) => logLine(index + 1, { text })) }));
      await expect(linesOf({ contains: '0%' })).resolves.toEqual([1, 2]);
      await expect(linesOf({ contains: '_x' })).resolves.toEqual([1]);
      await expect(linesOf({ contains: '\u00001' })).resolves.toEqual([2]);
      await expect(linesOf({ contains: 'Ü' })).resolves.toEqual([4]);
      await expect(linesOf({ contains: 'ü' })).resolves.toEqual([]);
      await expect(linesOf({ contains: "' OR 1 --" })).resolves.toEqual([]);
      await expect(linesOf({ contains: '100', limit: 1 })).resolves.toEqual([3]);
    });

    it('says where the next page begins, backwards and forwards, until there is none', async () => {
      await store.write(recordBatch({ lines: [1, 2, 3, 4].map((sequence) => logLine(sequence)) }));
      const pageOf = async (query: Partial<LineQuery>) => {
        const { lines, next } = await store.lines({ functionId: hello.id, limit: 2, ...query });
        return [lines.map(({ sequence }) => sequence), next];
      };
      await expect(pageOf({})).resolves.toEqual([[3, 4], 3]);
      await expect(pageOf({ before: 3 })).resolves.toEqual([[1, 2], 1]);
      await expect(pageOf({ before: 1 })).resolves.toEqual([[], null]);
      await expect(pageOf({ after: 0 })).resolves.toEqual([[1, 2], 2]);
      await expect(pageOf({ after: 2 })).resolves.toEqual([[3, 4], 4]);
      await expect(pageOf({ after: 3 })).resolves.toEqual([[4], null]);
    });

    it('looks at so many lines for one page, and goes on from there', async () => {
      const budget = { ...contractBudget, logBytesPerFunction: 1e6, logBytes: 1e6, scannedLines: 3 };
      await store.close();
      store = await makeStore(budget);
      const levels = ['error', 'info', 'info', 'info', 'info', 'info', 'error', 'info'] as const;
      const lines = levels.map((level, index) =>
        logLine(index + 1, { level, invocationId: `i-${index % 2}` }),
      );
      await store.write(recordBatch({ lines: [...lines, logLine(9, { function: other })] }));
      const pagesOf = async (query: Partial<LineQuery>) => {
        const pages: unknown[] = [];
        let from: number | null | undefined = query.after;
        while (from !== null) {
          const moved: Partial<LineQuery> =
            query.after === undefined ? { before: from ?? 99 } : { after: from ?? 0 };
          const page = await store.lines({ functionId: hello.id, limit: 9, ...query, ...moved });
          pages.push(page.lines.map(({ sequence }) => sequence));
          from = page.next;
        }
        return pages;
      };
      await expect(pagesOf({ levels: ['error'] })).resolves.toEqual([[7], [], [1]]);
      await expect(pagesOf({ levels: ['error'], after: 0 })).resolves.toEqual([[1], [], [7]]);
      await expect(pagesOf({ contains: 'nowhere' })).resolves.toEqual([[], [], []]);
      await expect(pagesOf({ invocationId: 'i-0', sinceMs: 1_000_007 })).resolves.toEqual([[7], []]);
    });

    it('keeps the newest lines of each function within its budget', async () => {
      await store.write(recordBatch({ lines: [logLine(1, { function: other })] }));
      await store.write(recordBatch({ lines: [2, 3, 4].map((sequence) => logLine(sequence)) }));
      await store.write(recordBatch({ lines: [5, 6].map((sequence) => logLine(sequence)) }));
      await expect(linesOf()).resolves.toEqual([3, 4, 5, 6]);
      await expect(linesOf({ functionId: other.id })).resolves.toEqual([1]);
    });

    it('keeps the newest lines of all functions within the budget of all', async () => {
      for (const [sequence, of] of [hello, other, hello, other, hello, other, hello].entries()) {
        await store.write(recordBatch({ lines: [logLine(sequence + 1, { function: of })] }));
      }
      await expect(linesOf()).resolves.toEqual([3, 5, 7]);
      await expect(linesOf({ functionId: other.id })).resolves.toEqual([2, 4, 6]);
    });

    it('keeps of a line that no budget has room for nothing', async () => {
      const text = 'x'.repeat(contractBudget.logBytesPerFunction);
      await store.write(recordBatch({ lines: [logLine(1), logLine(2, { text })] }));
      await expect(linesOf()).resolves.toEqual([]);
    });

    it('gives back exactly the records of calls, the newest first', async () => {
      const failure = {
        code: 'FUNCTION_ERROR',
        message: 'The function threw TypeError: no',
        errorType: 'TypeError',
        errorMessage: 'no',
        stack: 'TypeError: no\n    at /glambdar/code/index.js:1:1',
      };
      const failed = invocationRecord('i-2', { outcome: 'function', statusCode: null, failure });
      const usage = { memoryPeakBytes: 4096, cpuTimeMs: 1.25 };
      const succeeded = invocationRecord('i-1', { usage });
      await store.write(recordBatch({ invocations: [succeeded, failed] }));
      await expect(store.invocations({ limit: 100 })).resolves.toEqual([failed, succeeded]);
      await expect(store.invocation('i-2')).resolves.toEqual(failed);
      await expect(store.invocations({ limit: 1 })).resolves.toEqual([failed]);
      await expect(store.invocations({ limit: 9, outcome: 'success' })).resolves.toEqual([succeeded]);
      await expect(store.invocations({ limit: 9, functionIds: [other.id] })).resolves.toEqual([]);
      await expect(store.invocations({ limit: 9, functionIds: [] })).resolves.toEqual([]);
      const both = { limit: 9, functionIds: [other.id, hello.id] };
      await expect(store.invocations(both)).resolves.toEqual([failed, succeeded]);
    });

    it('gives the records of one version, and of calls that began in one span of time', async () => {
      const second = { ...hello, version: 2 };
      const invocations = [
        invocationRecord('i-1', { startedAtMs: 100 }),
        invocationRecord('i-2', { startedAtMs: 300, function: second, outcome: 'function' }),
        invocationRecord('i-3', { startedAtMs: 200, function: second }),
      ];
      await store.write(recordBatch({ invocations }));
      const ids = async (query: Partial<InvocationQuery>) =>
        (await store.invocations({ limit: 9, ...query })).map(({ id }) => id);
      await expect(ids({ version: 2 })).resolves.toEqual(['i-3', 'i-2']);
      await expect(ids({ version: 2, outcome: 'function' })).resolves.toEqual(['i-2']);
      await expect(ids({ version: 3 })).resolves.toEqual([]);
      await expect(ids({ sinceMs: 200 })).resolves.toEqual(['i-3', 'i-2']);
      await expect(ids({ untilMs: 200 })).resolves.toEqual(['i-1']);
      await expect(ids({ sinceMs: 100, untilMs: 300 })).resolves.toEqual(['i-3', 'i-1']);
      await expect(ids({ functionIds: [other.id], version: 2 })).resolves.toEqual([]);
    });

    it('adds what a call used to its record, and to none that is gone', async () => {
      const usage = { memoryPeakBytes: 4096, cpuTimeMs: null };
      await store.write(recordBatch({ invocations: [invocationRecord('i-1')] }));
      const usages = [
        ['i-1', usage],
        ['i-0', usage],
      ] as const;
      await store.write(recordBatch({ usages }));
      await expect(store.invocations({ limit: 9 })).resolves.toEqual([invocationRecord('i-1', { usage })]);
    });

    it('keeps the newest records of each function and of all', async () => {
      for (const id of ['a', 'b']) {
        await store.write(recordBatch({ invocations: [invocationRecord(id, { function: other })] }));
      }
      const invocations = ['c', 'd', 'e', 'f'].map((id) => invocationRecord(id));
      await store.write(recordBatch({ invocations }));
      await expect(idsOf(hello.id)).resolves.toEqual(['f', 'e', 'd']);
      await store.write(recordBatch({ invocations: [invocationRecord('g', { function: other })] }));
      await expect(idsOf()).resolves.toEqual(['g', 'f', 'e', 'd', 'b']);
    });

    it('takes a call that was told of twice for one', async () => {
      await store.write(recordBatch({ invocations: [invocationRecord('i-1'), invocationRecord('i-1')] }));
      await expect(idsOf()).resolves.toEqual(['i-1']);
    });

    it('forgets a function, and functions that there are no more', async () => {
      const ofBoth = (sequence: number, of: typeof hello) =>
        recordBatch({
          lines: [logLine(sequence, { function: of })],
          invocations: [invocationRecord(`i-${sequence}`, { function: of })],
        });
      await store.write(ofBoth(1, hello));
      await store.write(ofBoth(2, other));
      await store.forget(hello.id);
      await expect(linesOf()).resolves.toEqual([]);
      await expect(idsOf()).resolves.toEqual(['i-2']);
      await store.retain([other.id]);
      await expect(idsOf()).resolves.toEqual(['i-2']);
      await store.retain([]);
      await expect(idsOf()).resolves.toEqual([]);
      await expect(linesOf({ functionId: other.id })).resolves.toEqual([]);
    });
  });
}
