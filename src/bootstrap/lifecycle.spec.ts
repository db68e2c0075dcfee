import { ManualClock } from '../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { Lifecycle, type Part, type Step } from './lifecycle.js';

const withinMs = 1000;

let clock: ManualClock;
let log: RecordingLog;
let done: string[];
beforeEach(() => {
  clock = new ManualClock();
  log = new RecordingLog();
  done = [];
});

const step = (run: Step['run']): Step => ({ withinMs, run });

/** A part that notes what is done with it. */
function part(name: string, own: Partial<Part> = {}): Part {
  return {
    name,
    start: step(() => void done.push(`start ${name}`)),
    stop: step(() => void done.push(`stop ${name}`)),
    ...own,
  };
}

const lifecycleOf = (...parts: readonly Part[]) => new Lifecycle(parts, clock, log);

/** Work that the test ends, and a promise that it was begun. */
function held() {
  const begun = Promise.withResolvers<undefined>();
  const end = Promise.withResolvers<undefined>();
  const run = () => {
    begun.resolve(undefined);
    return end.promise;
  };
  return { run, begun: begun.promise, end };
}

describe('the parts of a server', () => {
  it('start one after the other in their order, and stop in reverse', async () => {
    const slow = held();
    const lifecycle = lifecycleOf(part('a', { start: step(slow.run) }), part('b'), part('c'));
    const starting = lifecycle.start();
    await slow.begun;
    expect(done).toEqual([]);
    slow.end.resolve(undefined);
    await expect(starting).resolves.toBe(true);
    await expect(lifecycle.stop()).resolves.toBe(true);
    expect(done).toEqual(['start b', 'start c', 'stop c', 'stop b', 'stop a']);
    expect(log.lines).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('may have nothing to start, or nothing to stop', async () => {
    const lifecycle = lifecycleOf({ name: 'a' }, part('b'), { name: 'c', stop: part('c').stop! });
    await expect(lifecycle.start()).resolves.toBe(true);
    await expect(lifecycle.stop()).resolves.toBe(true);
    expect(done).toEqual(['start b', 'stop c', 'stop b']);
  });

  it('stop once, however often they are told to', async () => {
    const lifecycle = lifecycleOf(part('a'));
    await lifecycle.start();
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    expect(done).toEqual(['start a', 'stop a']);
  });
});

describe('a part that fails to start', () => {
  it.each([
    [
      'at once',
      () => {
        throw new Error('no');
      },
    ],
    ['later', () => Promise.reject(new Error('no'))],
  ])('%s is named; those before it stop in reverse, and those after it never start', async (_, run) => {
    const lifecycle = lifecycleOf(part('a'), part('b'), part('c', { start: step(run) }), part('d'));
    await expect(lifecycle.start()).rejects.toThrow('no');
    expect(done).toEqual(['start a', 'start b', 'stop b', 'stop a']);
    expect(log.lines).toMatchObject([{ level: 'debug', fields: { part: 'c' } }]);
  });

  it('because it takes too long says so, and the others stop', async () => {
    const slow = held();
    const lifecycle = lifecycleOf(part('a'), part('b', { start: step(slow.run) }));
    const starting = lifecycle.start();
    await slow.begun;
    clock.advance(withinMs);
    await expect(starting).rejects.toThrow('The part "b" of the server did not start within 1000 ms.');
    expect(done).toEqual(['start a', 'stop a']);
  });
});

describe('a part that does not stop', () => {
  it('in time is named in the log, and the rest still stops', async () => {
    const stuck = held();
    const lifecycle = lifecycleOf(part('a'), part('b', { stop: step(stuck.run) }), part('c'));
    await lifecycle.start();
    const stopping = lifecycle.stop();
    await stuck.begun;
    clock.advance(withinMs);
    await expect(stopping).resolves.toBe(false);
    expect(done.slice(-2)).toEqual(['stop c', 'stop a']);
    const err: unknown = expect.objectContaining({
      message: 'The part "b" of the server did not stop within 1000 ms.',
    });
    expect(log.lines).toMatchObject([{ level: 'error', fields: { part: 'b', err } }]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('because it fails is named in the log, and the rest still stops', async () => {
    const failing = step(() => Promise.reject(new Error('broken')));
    const lifecycle = lifecycleOf(part('a'), part('b', { stop: failing }));
    await lifecycle.start();
    await expect(lifecycle.stop()).resolves.toBe(false);
    expect(done.at(-1)).toBe('stop a');
    expect(log.lines).toMatchObject([{ level: 'error', fields: { part: 'b' } }]);
  });
});

describe('a stop in the middle of the start', () => {
  it('waits for the part that is starting, starts no other, and stops what has started', async () => {
    const slow = held();
    const lifecycle = lifecycleOf(part('a'), part('b', { start: step(slow.run) }), part('c'));
    const starting = lifecycle.start();
    await slow.begun;
    const stopping = lifecycle.stop();
    expect(done).toEqual(['start a']);
    slow.end.resolve(undefined);
    await expect(starting).resolves.toBe(false);
    await expect(stopping).resolves.toBe(true);
    expect(done).toEqual(['start a', 'stop b', 'stop a']);
  });

  it('stops those before it also where that part fails', async () => {
    const slow = held();
    const lifecycle = lifecycleOf(part('a'), part('b', { start: step(slow.run) }));
    const starting = lifecycle.start();
    await slow.begun;
    const stopping = lifecycle.stop();
    slow.end.reject(new Error('no'));
    await expect(starting).rejects.toThrow('no');
    await expect(stopping).resolves.toBe(true);
    expect(done).toEqual(['start a', 'stop a']);
  });
});
