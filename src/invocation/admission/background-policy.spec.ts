import type { Priority } from '../invocation.js';
import { RunningLoad } from './admission-policy.js';
import {
  backgroundRoom,
  type BackgroundSituation,
  callerLacksRoom,
  nextInBackground,
} from './background-policy.js';
import { backgroundShareOf, type Capacity } from './capacity.js';
import { FunctionQueue } from './function-queue.js';

const capacity: Capacity = {
  calls: 16,
  memoryMiB: 4096,
  functionShare: { calls: 12, memoryMiB: 3072 },
  keyShare: { calls: 8, memoryMiB: 2048 },
};

interface Running {
  readonly callers?: number;
  readonly inBackground?: number;
  readonly memoryMiB?: number;
  readonly keyId?: string;
}

/** Calls that run, of whatever functions. */
function situation({
  callers = 0,
  inBackground = 0,
  memoryMiB = 128,
  keyId,
}: Running = {}): BackgroundSituation {
  const [running, background] = [new RunningLoad(), new RunningLoad()];
  for (let count = 0; count < callers + inBackground; count += 1) {
    const load = { keyId, memoryMiB, sinceMs: 0 };
    running.add(load);
    if (count >= callers) background.add(load);
  }
  return { running, background, capacity, share: backgroundShareOf(capacity, 50), nowMs: 0 };
}

interface QueueFields extends Partial<Pick<FunctionQueue, 'running' | 'runningInBackground'>> {
  readonly limit?: number;
  readonly memoryMiB?: number;
  readonly waiting?: readonly { readonly keyId?: string; readonly priority: Priority }[];
}

function queue(
  id: string,
  { limit = 16, memoryMiB = 128, waiting = [], ...counts }: QueueFields = {},
): FunctionQueue {
  const made = Object.assign(new FunctionQueue(id, limit, memoryMiB), counts);
  for (const { keyId, priority } of waiting) {
    made.add({ keyId, priority, sinceMs: 0, admit: () => undefined, timeOut: () => undefined });
  }
  return made;
}

const inBackground = { priority: 'background' } as const;

describe('how many calls of a function may begin in the background', () => {
  it.each<[string, number, QueueFields, Running]>([
    ['half of what may run of a function, where nothing runs', 6, {}, {}],
    ['half of its own limit', 4, { limit: 8 }, {}],
    ['one, where its limit is one', 1, { limit: 1 }, {}],
    ['none of a function whose limit is 0', 0, { limit: 0 }, {}],
    [
      'what is left of half of its own limit',
      1,
      { limit: 8, running: 3, runningInBackground: 3 },
      { inBackground: 3 },
    ],
    ['what its callers leave of its limit', 2, { limit: 8, running: 6 }, { callers: 6 }],
    ['what others in the background leave of half of the server', 3, {}, { inBackground: 5 }],
    ['none, where others have that half', 0, {}, { inBackground: 8 }],
    ['what callers leave of the server', 2, {}, { callers: 14 }],
    ['none, where callers have the server', 0, {}, { callers: 16 }],
    ['half of the memory that a function may have', 3, { memoryMiB: 512 }, {}],
    ['what callers leave of the memory', 2, { memoryMiB: 512 }, { callers: 3, memoryMiB: 1024 }],
    ['one, where it is larger than half of the memory', 1, { memoryMiB: 3072 }, {}],
    ['none, where that one does not fit beside callers', 0, { memoryMiB: 3072 }, { callers: 9 }],
  ])('%s', (_, expected, fields, running) => {
    expect(backgroundRoom(queue('a', fields), situation(running))).toBe(expected);
  });

  it('all that may run, where events may take everything', () => {
    const all = { ...situation(), share: backgroundShareOf(capacity, 100) };
    expect(backgroundRoom(queue('a'), all)).toBe(12);
  });
});

describe('a caller lacks room', () => {
  it('who waits for the server, whatever the priority', () => {
    const waiting = [queue('a', { waiting: [{ priority: 'low' }] })];
    expect(callerLacksRoom(waiting, situation({ callers: 16 }))).toBe(true);
  });

  it('not who waits for another call of the same function or the same key to end', () => {
    const waiting = [
      queue('full', { limit: 1, running: 1, waiting: [{ priority: 'high' }] }),
      queue('key', { waiting: [{ keyId: 'greedy', priority: 'normal' }] }),
    ];
    expect(callerLacksRoom(waiting, situation({ callers: 8, keyId: 'greedy' }))).toBe(false);
  });

  it('not where only calls in the background wait', () => {
    expect(callerLacksRoom([queue('a', { waiting: [inBackground] })], situation())).toBe(false);
  });
});

describe('what begins next in the background', () => {
  it('nothing while a caller lacks room, even where it would fit', () => {
    const large = queue('large', { memoryMiB: 3072, waiting: [{ priority: 'normal' }] });
    const small = queue('small', { waiting: [inBackground] });
    expect(nextInBackground([large, small], situation({ callers: 10 }))).toBeUndefined();
    expect(nextInBackground([small], situation({ callers: 10 }))?.queue).toBe(small);
  });

  it('a call of the function that has the fewest running in the background, whatever else runs of it', () => {
    const flooded = queue('flooded', { running: 3, runningInBackground: 3, waiting: [inBackground] });
    const called = queue('called', { running: 4, waiting: [inBackground] });
    const next = nextInBackground([flooded, called], situation({ callers: 4, inBackground: 3 }));
    expect(next?.queue).toBe(called);
  });

  it('a call of another key, where half of the first one’s share runs in the background', () => {
    const waiting = [
      { keyId: 'greedy', ...inBackground },
      { keyId: 'modest', ...inBackground },
    ];
    const next = nextInBackground([queue('a', { waiting })], situation({ inBackground: 4, keyId: 'greedy' }));
    expect(next?.call.keyId).toBe('modest');
  });

  it('nothing of a key whose callers have its whole share', () => {
    const waiting = [queue('a', { waiting: [{ keyId: 'greedy', ...inBackground }] })];
    expect(nextInBackground(waiting, situation({ callers: 8, keyId: 'greedy' }))).toBeUndefined();
  });
});
