import { countedMemoryMiB, fits, keepsTurnAfterMs, mayRun, nextCall, retryAfterMs } from './lane.js';
import type { Capacity, Lane } from './lane.js';
import { RunningLoad } from './running-load.js';
import { WaitingCalls, type QueuedCall } from './waiting-calls.js';

const capacity: Capacity = {
  calls: 8,
  memoryMiB: 1024,
  functionShare: { calls: 4, memoryMiB: 512 },
  keyShare: { calls: 2, memoryMiB: 512 },
};

function call(fields: Partial<QueuedCall> = {}): QueuedCall {
  return { keyId: undefined, sinceMs: 0, admit: () => undefined, timeOut: () => undefined, ...fields };
}

function waiting(...calls: QueuedCall[]): WaitingCalls {
  const all = new WaitingCalls();
  for (const each of calls) all.add(each);
  return all;
}

function lane(functionId: string, fields: Partial<Lane> = {}): Lane {
  return { functionId, limit: 16, memoryMiB: 128, running: 0, waiting: waiting(call()), ...fields };
}

/** Calls that run, each since when with how much memory. */
function running(...shares: { sinceMs?: number; memoryMiB?: number; keyId?: string }[]): RunningLoad {
  const load = new RunningLoad();
  for (const { sinceMs = 0, memoryMiB = 128, keyId } of shares) load.add({ keyId, memoryMiB, sinceMs });
  return load;
}

function nextOf(lanes: readonly Lane[], load: RunningLoad, nowMs = 0): string | undefined {
  return nextCall(lanes, { running: load, capacity, nowMs })?.lane.functionId;
}

describe('who gets the next free place', () => {
  it('nobody when nobody waits', () => {
    expect(nextOf([lane('a', { running: 3, waiting: waiting() })], running())).toBeUndefined();
  });

  it('the function that has the fewest calls running, however many of another wait', () => {
    const flooded = lane('flooded', {
      running: 3,
      waiting: waiting(...Array.from({ length: 100 }, () => call())),
    });
    expect(nextOf([flooded, lane('quiet', { running: 1 })], running())).toBe('quiet');
  });

  it('never a function at its own limit', () => {
    const full = lane('full', { running: 1, limit: 1 });
    expect(nextOf([full, lane('other', { running: 3 })], running())).toBe('other');
    expect(nextOf([full], running())).toBeUndefined();
  });

  it('a call of another key, where the first one has its share', () => {
    const greedy = call({ keyId: 'greedy' });
    const modest = call({ keyId: 'modest' });
    const load = running({ keyId: 'greedy' }, { keyId: 'greedy' });
    const next = nextCall([lane('a', { waiting: waiting(greedy, modest) })], {
      running: load,
      capacity,
      nowMs: 0,
    });
    expect(next?.call).toBe(modest);
  });

  it('a small call, where a large one does not fit', () => {
    const large = lane('large', { memoryMiB: 700 });
    expect(nextOf([large, lane('small')], running({ memoryMiB: 700 }))).toBe('small');
  });
});

describe('a large call that has waited for memory', () => {
  const nowMs = keepsTurnAfterMs;
  const large = lane('large', { memoryMiB: 700 });

  it('is next once it fits', () => {
    expect(nextOf([large], running({ memoryMiB: 324 }), nowMs)).toBe('large');
  });

  it('lets smaller ones go by that will fit beside it', () => {
    const load = running({ memoryMiB: 700, sinceMs: -1 }, { memoryMiB: 128, sinceMs: 1 });
    expect(nextOf([large, lane('small')], load, nowMs)).toBe('small');
  });

  it('keeps its turn against those that would not', () => {
    const load = running({ memoryMiB: 600, sinceMs: -1 }, { memoryMiB: 256, sinceMs: 1 });
    expect(nextOf([large, lane('small')], load, nowMs)).toBeUndefined();
    expect(nextOf([large, lane('small')], load, nowMs - 1)).toBe('small');
  });

  it('has its turn as soon as those that ran before have ended, whatever goes by', () => {
    const before = { keyId: undefined, memoryMiB: 700, sinceMs: -1 };
    const load = running();
    load.add(before);
    for (let ms = nowMs; nextOf([large, lane('small')], load, ms) === 'small'; ms += 1) {
      load.add({ keyId: undefined, memoryMiB: 128, sinceMs: ms });
    }
    load.remove(before);
    expect(nextOf([large], load, nowMs)).toBe('large');
  });

  it('is in nobody’s way while its own function holds the memory', () => {
    const own = lane('large', { memoryMiB: 700, running: 1 });
    const load = running({ memoryMiB: 700, sinceMs: -1 }, { memoryMiB: 256, sinceMs: 1 });
    expect(nextOf([own, lane('small', { memoryMiB: 64 })], load, nowMs)).toBe('small');
  });
});

describe('whether a call may run', () => {
  it.each([
    ['at its own limit', { running: 2, limit: 2 }, false],
    ['below its shares', { running: 3 }, true],
    ['at its share of the calls', { running: 4 }, false],
    ['at its share of the memory', { running: 2, memoryMiB: 200 }, false],
    ['larger than its share, and the only one', { running: 0, memoryMiB: 700 }, true],
    ['larger than its share, beside another', { running: 1, memoryMiB: 700 }, false],
  ])('of a function %s', (_, fields, expected) => {
    expect(mayRun(lane('a', fields), undefined, running(), capacity)).toBe(expected);
  });

  it.each([
    ['with as many calls as it may have', [128, 128], 128, false],
    ['with fewer', [128], 128, true],
    ['whose calls hold as much memory as they may', [400], 128, false],
    ['without another call, whatever the memory', [], 700, true],
  ])('of a key %s', (_, held, memoryMiB, expected) => {
    const load = running(...held.map((each) => ({ keyId: 'key', memoryMiB: each })));
    expect(mayRun(lane('a', { memoryMiB }), 'key', load, capacity)).toBe(expected);
  });

  it.each([
    [7, 128, true],
    [8, 128, false],
    [7, 129, false],
  ])('beside %i others of 128 MiB with %i MiB: %s', (calls, memoryMiB, expected) => {
    const load = running(...Array.from({ length: calls }, () => ({ memoryMiB: 128 })));
    expect(fits(load, capacity, memoryMiB)).toBe(expected);
  });
});

describe('what a call counts for', () => {
  it('is its memory, and never so much that nothing is left', () => {
    expect(countedMemoryMiB(128, 1024)).toBe(128);
    expect(countedMemoryMiB(4096, 1024)).toBe(768);
  });
});

describe('when a refused call should try again', () => {
  it('is the time that the calls before it need', () => {
    expect(retryAfterMs(99, { callMs: 200, places: 4 })).toBe(5000);
  });

  it('is at least a second and at most a minute', () => {
    expect(retryAfterMs(0, { callMs: 1, places: 64 })).toBe(1000);
    expect(retryAfterMs(1000, { callMs: 30_000, places: 1 })).toBe(60_000);
  });
});
