import type { Priority } from '../invocation.js';
import {
  countedMemoryMiB,
  fits,
  keepsRoomAfterMs,
  mayRun,
  mostPassedOver,
  nextCalls,
  PriorityOrder,
  retryAfterMs,
  RunningLoad,
} from './admission-policy.js';
import type { Capacity } from './capacity.js';
import { FunctionQueue, type QueuedCall } from './function-queue.js';

const capacity: Capacity = {
  calls: 8,
  memoryMiB: 1024,
  functionShare: { calls: 4, memoryMiB: 512 },
  keyShare: { calls: 2, memoryMiB: 512 },
};

function call(fields: Partial<QueuedCall> = {}): QueuedCall {
  return {
    keyId: undefined,
    priority: 'normal',
    sinceMs: 0,
    admit: () => undefined,
    timeOut: () => undefined,
    ...fields,
  };
}

/** One call waits, unless the test says which. */
function queue(
  functionId: string,
  { waiting = [call()], limit = 16, memoryMiB = 128, running = 0 }: Partial<QueueFields> = {},
): FunctionQueue {
  const made = Object.assign(new FunctionQueue(functionId, limit, memoryMiB), { running });
  for (const each of waiting) made.add(each);
  return made;
}

interface QueueFields extends Pick<FunctionQueue, 'limit' | 'memoryMiB' | 'running'> {
  readonly waiting: readonly QueuedCall[];
}

/** Calls that run, each since when with how much memory. */
function running(...shares: { sinceMs?: number; memoryMiB?: number; keyId?: string }[]): RunningLoad {
  const load = new RunningLoad();
  for (const { sinceMs = 0, memoryMiB = 128, keyId } of shares) load.add({ keyId, memoryMiB, sinceMs });
  return load;
}

function nextOf(queues: readonly FunctionQueue[], load: RunningLoad, nowMs = 0): string | undefined {
  return nextCalls(queues, { running: load, capacity, nowMs }).normal?.queue.functionId;
}

describe('who gets the next permit', () => {
  it('nobody when nobody waits', () => {
    expect(nextOf([queue('a', { running: 3, waiting: [] })], running())).toBeUndefined();
  });

  it('the function that has the fewest calls running, however many of another wait', () => {
    const flooded = queue('flooded', {
      running: 3,
      waiting: Array.from({ length: 100 }, () => call()),
    });
    expect(nextOf([flooded, queue('quiet', { running: 1 })], running())).toBe('quiet');
  });

  it('never a function at its own limit', () => {
    const full = queue('full', { running: 1, limit: 1 });
    expect(nextOf([full, queue('other', { running: 3 })], running())).toBe('other');
    expect(nextOf([full], running())).toBeUndefined();
  });

  it('a call of another key, where the first one has its share', () => {
    const greedy = call({ keyId: 'greedy' });
    const modest = call({ keyId: 'modest' });
    const load = running({ keyId: 'greedy' }, { keyId: 'greedy' });
    const next = nextCalls([queue('a', { waiting: [greedy, modest] })], {
      running: load,
      capacity,
      nowMs: 0,
    });
    expect(next.normal?.call).toBe(modest);
  });

  it('a small call, where a large one does not fit', () => {
    const large = queue('large', { memoryMiB: 700 });
    expect(nextOf([large, queue('small')], running({ memoryMiB: 700 }))).toBe('small');
  });
});

describe('a large call that has waited for memory', () => {
  const nowMs = keepsRoomAfterMs;
  const large = queue('large', { memoryMiB: 700 });

  it('is next once it fits', () => {
    expect(nextOf([large], running({ memoryMiB: 324 }), nowMs)).toBe('large');
  });

  it('lets smaller ones go by that will fit beside it', () => {
    const load = running({ memoryMiB: 700, sinceMs: -1 }, { memoryMiB: 128, sinceMs: 1 });
    expect(nextOf([large, queue('small')], load, nowMs)).toBe('small');
  });

  it('has room kept for it against those that would not', () => {
    const load = running({ memoryMiB: 600, sinceMs: -1 }, { memoryMiB: 256, sinceMs: 1 });
    expect(nextOf([large, queue('small')], load, nowMs)).toBeUndefined();
    expect(nextOf([large, queue('small')], load, nowMs - 1)).toBe('small');
  });

  it('runs as soon as those that ran before have ended, whatever goes by', () => {
    const before = { keyId: undefined, memoryMiB: 700, sinceMs: -1 };
    const load = running();
    load.add(before);
    for (let ms = nowMs; nextOf([large, queue('small')], load, ms) === 'small'; ms += 1) {
      load.add({ keyId: undefined, memoryMiB: 128, sinceMs: ms });
    }
    load.remove(before);
    expect(nextOf([large], load, nowMs)).toBe('large');
  });

  it('is in nobody’s way while its own function holds the memory', () => {
    const own = queue('large', { memoryMiB: 700, running: 1 });
    const load = running({ memoryMiB: 700, sinceMs: -1 }, { memoryMiB: 256, sinceMs: 1 });
    expect(nextOf([own, queue('small', { memoryMiB: 64 })], load, nowMs)).toBe('small');
  });
});

describe('priorities', () => {
  const three = [
    queue('low', { waiting: [call({ priority: 'low' })] }),
    queue('normal'),
    queue('high', { waiting: [call({ priority: 'high' })] }),
  ];

  /** Whose call is next, again and again; each function always has one more. */
  function served(queues: readonly FunctionQueue[], count: number): (string | undefined)[] {
    const order = new PriorityOrder();
    const next = () => order.choose(nextCalls(queues, { running: running(), capacity, nowMs: 0 }));
    return Array.from({ length: count }, () => next()?.queue.functionId);
  }

  it('are served from the highest to the lowest', () => {
    for (let count = 3; count > 0; count -= 1) {
      expect(served(three.slice(0, count), 1)).toEqual([['low', 'normal', 'high'][count - 1]]);
    }
  });

  it('come before how many calls of a function run', () => {
    const busy = queue('busy', { running: 3, waiting: [call({ priority: 'high' })] });
    expect(served([queue('quiet'), busy], 1)).toEqual(['busy']);
  });

  it('let a lower call go after so many higher ones, however many of those wait', () => {
    const [, normal, high] = three;
    const higher = Array.from({ length: mostPassedOver }, () => 'high');
    expect(served([normal!, high!], 2 * (mostPassedOver + 1))).toEqual([
      ...[...higher, 'normal'],
      ...[...higher, 'normal'],
    ]);
  });

  it('let the lowest go too, once more often passed over where another is as long due', () => {
    const order = served(three, 100);
    const places = order.flatMap((id, place) => (id === 'low' ? [place] : []));
    expect(places[0]).toBe(mostPassedOver + 1);
    expect(places.every((place, nth) => place - (places[nth - 1] ?? -1) <= mostPassedOver + 2)).toBe(true);
  });

  it('keep a call that may not run from holding up lower ones', () => {
    const full = queue('full', { limit: 0, waiting: [call({ priority: 'high' })] });
    expect(served([full, queue('other')], 1)).toEqual(['other']);
  });

  it('have those of one function served apart', () => {
    const calls = (['low', 'high', 'normal'] as const).map((priority: Priority) => call({ priority }));
    const one = queue('one', { waiting: calls });
    const next = nextCalls([one], { running: running(), capacity, nowMs: 0 });
    expect([next.high?.call, next.normal?.call, next.low?.call]).toEqual([calls[1], calls[2], calls[0]]);
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
    expect(mayRun(queue('a', fields), undefined, running(), capacity)).toBe(expected);
  });

  it.each([
    ['with as many calls as it may have', [128, 128], 128, false],
    ['with fewer', [128], 128, true],
    ['whose calls hold as much memory as they may', [400], 128, false],
    ['without another call, whatever the memory', [], 700, true],
  ])('of a key %s', (_, held, memoryMiB, expected) => {
    const load = running(...held.map((each) => ({ keyId: 'key', memoryMiB: each })));
    expect(mayRun(queue('a', { memoryMiB }), 'key', load, capacity)).toBe(expected);
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
    expect(retryAfterMs(99, { callMs: 200, permits: 4 })).toBe(5000);
  });

  it('is at least a second and at most a minute', () => {
    expect(retryAfterMs(0, { callMs: 1, permits: 64 })).toBe(1000);
    expect(retryAfterMs(1000, { callMs: 30_000, permits: 1 })).toBe(60_000);
  });
});
