import { InMemoryBuildStore } from '../../../test/fakes/in-memory-build-store.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { buildLine, buildRecord } from '../../../test/support/builders/builds.js';
import { deployedFunction } from '../../../test/support/builders/functions.js';
import { FunctionEvents } from '../../functions/function-events.js';
import { RecordedBuilds } from './recorded-builds.js';

const budget = { builds: 100, buildsPerFunction: 100, logBytes: 1e9, ageMs: 1e15 };

let store: InMemoryBuildStore;
let clock: ManualClock;
let log: RecordingLog;
let events: FunctionEvents;
let builds: RecordedBuilds;
beforeEach(() => {
  store = new InMemoryBuildStore(budget);
  clock = new ManualClock();
  log = new RecordingLog();
  events = new FunctionEvents(log);
  builds = new RecordedBuilds(store, events, clock, log);
});

const succeeded = { state: 'succeeded', cached: false, failure: null } as const;

describe('a build', () => {
  it('waits, runs from its first step but the queue, and ends, with its log', async () => {
    expect(builds.open({ id: 'a', functionName: 'hello' })).toBe(true);
    builds.step('a', 'queue');
    await expect(builds.find('a')).resolves.toMatchObject({ build: { state: 'waiting', endedAtMs: null } });
    builds.step('a', 'install');
    builds.line('a', 'stdout', 'added 1 package');
    await expect(builds.find('a')).resolves.toMatchObject({
      build: { state: 'running', steps: [{ step: 'queue' }, { step: 'install' }] },
      lines: [{ number: 1, stream: 'stdout', text: 'added 1 package' }],
    });
    builds.end('a', { ...succeeded, cached: true });
    await builds.stop();
    await expect(builds.find('a')).resolves.toMatchObject({
      build: { state: 'succeeded', cached: true, endedAtMs: clock.wallTime().getTime() },
      lines: [{ text: 'added 1 package' }],
    });
  });

  it('is written while it goes, several lines at once', async () => {
    builds.open({ id: 'a', functionName: 'hello' });
    builds.line('a', 'stdout', 'one');
    builds.line('a', 'stderr', 'two');
    clock.advance(100);
    await builds.list({ limit: 1 });
    await expect(store.lines('a')).resolves.toMatchObject([{ text: 'one' }, { text: 'two' }]);
  });

  it('has an id of its own, also after a restart', async () => {
    builds.open({ id: 'a', functionName: 'hello' });
    expect(builds.open({ id: 'a', functionName: 'other' })).toBe(false);
    builds.end('a', succeeded);
    await builds.stop();
    expect(builds.open({ id: 'a', functionName: 'hello' })).toBe(false);
    const next = new RecordedBuilds(store, events, clock, log);
    await next.start();
    expect(next.open({ id: 'a', functionName: 'hello' })).toBe(false);
  });

  it('leaves nothing where it was not needed, and its id is free again', async () => {
    builds.open({ id: 'a', functionName: 'hello' });
    clock.advance(100);
    builds.discard('a');
    await builds.stop();
    await expect(builds.find('a')).resolves.toBeUndefined();
    await expect(builds.list({ limit: 9 })).resolves.toEqual([]);
    expect(builds.open({ id: 'a', functionName: 'hello' })).toBe(true);
  });

  it('that was not opened is not known', async () => {
    builds.step('a', 'install');
    builds.line('a', 'stdout', 'x');
    builds.end('a', succeeded);
    builds.discard('a');
    await expect(builds.find('a')).resolves.toBeUndefined();
  });

  it('goes with its function', async () => {
    builds.open({ id: 'a', functionName: 'hello' });
    builds.end('a', succeeded);
    await builds.start();
    events.deleted(deployedFunction({ name: 'hello' }));
    await builds.stop();
    await expect(builds.find('a')).resolves.toBeUndefined();
  });
});

describe('a server that ended before a build', () => {
  it('has failed it, and kept the lines that were written', async () => {
    const running = buildRecord('a', {
      state: 'running',
      endedAtMs: null,
      steps: [{ step: 'bundle', atMs: 1500 }],
    });
    await store.write(running, [buildLine(1)], 1000);
    await store.write(buildRecord('b'), [], 1000);
    await builds.start();
    await expect(builds.find('a')).resolves.toMatchObject({
      build: {
        state: 'failed',
        endedAtMs: 1500,
        failure: {
          step: 'bundle',
          message: expect.stringMatching(/The server ended.*Deploy again/) as string,
        },
      },
      lines: [{ number: 1 }],
    });
    await expect(builds.find('b')).resolves.toMatchObject({ build: { state: 'succeeded' } });
  });
});

describe('a log without end', () => {
  it('is cut, says so, and still has what the server says', async () => {
    builds.open({ id: 'a', functionName: 'hello' });
    for (let line = 0; line < 300; line += 1) builds.line('a', 'stdout', 'x'.repeat(100_000));
    builds.line('a', 'system', 'the last word');
    const found = await builds.find('a');
    expect(found?.build.isTruncated).toBe(true);
    expect(found?.lines.at(-1)?.text).toBe('the last word');
    const length = found?.lines.reduce((sum, { text }) => sum + text.length, 0);
    expect(length).toBeLessThan(2 * 1024 * 1024);
    expect(length).toBeGreaterThan(1024 * 1024);
  });
});

describe('a store that fails', () => {
  it('fails no build', async () => {
    const failing = Object.assign(new InMemoryBuildStore(budget), {
      write: () => Promise.reject(new Error('full')),
    });
    const recorded = new RecordedBuilds(failing, events, clock, log);
    recorded.open({ id: 'a', functionName: 'hello' });
    recorded.end('a', succeeded);
    await recorded.stop();
    expect(log.messagesAt('warn')).toEqual(['a build could not be recorded']);
  });
});

describe('who follows a build', () => {
  it('is told of what is new, once for many lines, and at once of its end', async () => {
    builds.open({ id: 'a', functionName: 'hello' });
    const found = await builds.find('a');
    const seen: number[] = [];
    const leave = found!.onChange(() => void seen.push(found!.lines.length));
    for (const text of ['one', 'two', 'three']) builds.line('a', 'stdout', text);
    clock.advance(100);
    builds.line('a', 'stdout', 'four');
    builds.end('a', succeeded);
    expect(seen).toEqual([3, 4]);
    leave();
    await builds.stop();
    expect(seen).toHaveLength(2);
  });
});
