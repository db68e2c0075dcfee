import { ManualClock } from '../../test/fakes/manual-clock.js';
import { settingsFor } from '../../test/support/builders/functions.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { ReadQueue } from './read-queue.js';
import { recordsSettings } from './records.settings.js';

const settings = { parallelReads: 4, followers: 2, readTimeoutMs: 1000 };

let clock: ManualClock;
let queue: ReadQueue;
/** Reads that are with the store, in the order in which they came to it. */
let begun: string[];
let reads: Map<string, PromiseWithResolvers<string>>;
beforeEach(() => {
  clock = new ManualClock();
  queue = new ReadQueue(
    clock,
    settingsFor(recordsSettings, settings),
    settingsFor(fairShareSettings, { keyPercent: 50 }),
  );
  begun = [];
  reads = new Map();
});
afterEach(() => {
  expect(clock.pendingTimers).toBe(0);
});

/** A read that goes on until `end`. */
function reading(name: string): () => Promise<string> {
  const read = Promise.withResolvers<string>();
  reads.set(name, read);
  return () => {
    begun.push(name);
    return read.promise;
  };
}

const request = (keyId: string | undefined, name: string) => queue.request(keyId, reading(name));
const follow = (keyId: string | undefined, name: string) => queue.inTurn(keyId, reading(name));

/** The read answers; resolves when whoever waited for it knows. */
async function end(name: string, answer: Promise<string>): Promise<void> {
  reads.get(name)?.resolve(name);
  await expect(answer).resolves.toBe(name);
}

describe('the queue of reads', () => {
  it('has one read of each key with the store, so that nobody waits for more than one of another key', async () => {
    const [first, second] = [request('greedy', 'first'), request('greedy', 'second')];
    const other = request('modest', 'other');
    await end('other', other);
    expect(begun).toEqual(['first', 'other']);
    await end('first', first);
    await end('second', second);
    expect(begun).toEqual(['first', 'other', 'second']);
  });

  it('keeps a key to its share of the requests that read or wait, and lets others in', async () => {
    const mine = ['first', 'second'].map((name) => request('greedy', name));
    await expect(request('greedy', 'third')).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      details: { retryAfterMs: 1000 },
    });
    await end('other', request('modest', 'other'));
    for (const [index, name] of ['first', 'second'].entries()) await end(name, mine[index]!);
    await end('third', request('greedy', 'third'));
  });

  it('turns away who comes when all places are taken', async () => {
    const taken = ['a', 'a', 'b', 'b'].map((keyId, index) => request(keyId, `${index}`));
    await expect(request('c', 'late')).rejects.toMatchObject({ code: 'OVERLOADED' });
    for (const [index, answer] of taken.entries()) await end(`${index}`, answer);
    expect(begun).not.toContain('late');
  });

  it('turns away who has waited as long as a read may take', async () => {
    const first = request('a', 'first');
    const second = request('a', 'second');
    clock.advance(1000);
    await expect(second).rejects.toMatchObject({ code: 'OVERLOADED' });
    await end('first', first);
    expect(begun).toEqual(['first']);
  });

  it('lets callers without keys take all places, one after the other', async () => {
    const all = ['0', '1', '2', '3'].map((name) => request(undefined, name));
    await expect(request(undefined, 'late')).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(begun).toEqual(['0']);
    for (const [index, answer] of all.entries()) await end(`${index}`, answer);
    expect(begun).toEqual(['0', '1', '2', '3']);
  });

  it('gives followers turns whatever requests wait, as their number is limited elsewhere', async () => {
    const taken = ['a', 'a', 'b', 'b'].map((keyId, index) => request(keyId, `${index}`));
    const following = [follow('c', 'one'), follow('c', 'two')];
    await end('one', following[0]!);
    await end('two', following[1]!);
    for (const [index, answer] of taken.entries()) await end(`${index}`, answer);
  });

  it('goes on with the next one when a read fails', async () => {
    const failing = request('a', 'failing');
    const next = request('a', 'next');
    reads.get('failing')?.reject(new Error('the disk is full'));
    await expect(failing).rejects.toThrow('the disk is full');
    await end('next', next);
  });
});
