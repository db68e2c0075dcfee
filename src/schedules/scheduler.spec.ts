import { DomainError } from '../common/errors/domain-error.js';
import type { EventRecord } from '../events/event.js';
import type { Firing } from '../events/event.service.js';
import { changeTo, deletionOf } from '../functions/change-feed.js';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction, Schedule } from '../functions/function.js';
import { InMemoryEventStore } from '../../test/fakes/in-memory-event-store.js';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { deployedFunction } from '../../test/support/builders/functions.js';
import { completeSettings } from '../functions/settings/default-settings.js';
import { Firings, type FiringOutcome } from './firings.js';
import { Scheduler } from './scheduler.js';

const dayMs = 86_400_000;
const unavailable = () => new DomainError('STORAGE_UNAVAILABLE', 'The disk does not answer.');

/** Everything that outlives a server: the clock, the disk and the functions. */
let clock: ManualClock;
let store: InMemoryEventStore;
let functions: Map<string, DeployedFunction>;
/** The server that runs now. */
let scheduler: Scheduler;
let registry: FunctionRegistry;
let events: FunctionEvents;
let log: RecordingLog;
let outcomes: FiringOutcome[];
let latenesses: number[];

beforeEach(async () => {
  clock = new ManualClock();
  store = new InMemoryEventStore(clock);
  functions = new Map();
  await startServer();
});

/** One that was killed is just not heard of any more. */
async function startServer(): Promise<void> {
  log = new RecordingLog();
  events = new FunctionEvents(log);
  const counter = { count: () => undefined } as never;
  registry = new FunctionRegistry(counter, clock, 100, [...functions.values()]);
  const firings = new Firings();
  [outcomes, latenesses] = [[], []];
  firings.onOutcome((outcome, latenessMs) => {
    outcomes.push(outcome);
    if (latenessMs !== undefined) latenesses.push(latenessMs);
  });
  scheduler = new Scheduler(registry, events, { fire: accept }, store, firings, clock, log);
  await scheduler.start();
  await settled();
}

let ids = 0;

/** As the event service does, without its limits. */
async function accept({ functionName, firing, request, source }: Firing): Promise<string | undefined> {
  ids += 1;
  const id = `event-${ids}`;
  const { id: functionId } = registry.get(functionName);
  const acceptedAtMs = clock.wallTime().getTime();
  const event = {
    ...{ id, functionId, functionName, request, source, acceptedAtMs, orderingKey: null },
    ...{ keyId: null, expiresAtMs: acceptedAtMs + dayMs, depth: 0 },
  };
  const accepted = await store.accept({ event, firing, maxQueued: 1000, idempotency: null });
  return accepted.kind === 'accepted' ? id : undefined;
}

/** Whatever needs no time has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function elapse(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1000) {
    clock.advance(Math.min(left, 1000));
    await settled();
  }
}

function deploy(schedules: Record<string, Schedule>, name = 'report'): DeployedFunction {
  const before = functions.get(name);
  const after = before
    ? { ...before, revision: before.revision + 1, settings: completeSettings({ schedules }) }
    : deployedFunction({ name, settings: { schedules } });
  functions.set(name, after);
  registry.apply(changeTo(after));
  if (before) events.replaced(before, after);
  else events.deployed(after);
  return after;
}

async function firedEvents(): Promise<readonly EventRecord[]> {
  const { events: newest } = await store.list({ limit: 10_000 });
  return [...newest].reverse();
}

/** When what has fired was due, in seconds after the start of the test. */
async function fired(): Promise<number[]> {
  return (await firedEvents()).map(({ source }) => {
    if (source.kind !== 'schedule') throw new Error('Nothing else makes events here.');
    return (source.dueMs - Date.UTC(2026, 0, 1)) / 1000;
  });
}

describe('a schedule', () => {
  it('makes an event each time that it is due, and not a moment later than it could', async () => {
    deploy({ often: { cron: '*/10 * * * * *' } });
    await elapse(35_000);
    expect(await fired()).toEqual([10, 20, 30]);
    expect([outcomes, Math.max(...latenesses)]).toEqual([['fired', 'fired', 'fired'], 0]);
  });

  it('sends its payload as JSON, and says which it is and when it was due', async () => {
    const { id } = deploy({ often: { every: '10s', payload: { a: [1] } } });
    await elapse(10_000);
    const [event] = await firedEvents();
    expect(event).toMatchObject({ functionId: id, method: 'POST', path: '/', keyId: null, requestBytes: 9 });
    expect(event?.source).toEqual({
      kind: 'schedule',
      schedule: 'often',
      dueMs: Date.UTC(2026, 0, 1, 0, 0, 10),
      manual: false,
    });
  });

  it('does not fire while it is disabled, nor for what passed meanwhile once it is enabled', async () => {
    const often: Schedule = { cron: '*/10 * * * * *', missed: 'run-once' };
    deploy({ often });
    await elapse(15_000);
    deploy({ often: { ...often, enabled: false } });
    await elapse(60_000);
    deploy({ often });
    await settled();
    await elapse(10_000);
    expect(await fired()).toEqual([10, 80]);
  });

  it('begins anew with another time, and goes on with another payload', async () => {
    deploy({ often: { every: '10s' } });
    await elapse(15_000);
    deploy({ often: { every: '10s', payload: 1 } });
    await elapse(7_000);
    deploy({ often: { every: '20s' } });
    await elapse(25_000);
    expect(await fired()).toEqual([10, 20, 42]);
  });

  it('is gone with its function, and that of a new function of the same name is another', async () => {
    const gone = deploy({ often: { every: '10s' } });
    await elapse(15_000);
    functions.delete('report');
    registry.apply(deletionOf(gone));
    events.deleted(gone);
    await elapse(30_000);
    deploy({ often: { every: '10s' } });
    await elapse(10_000);
    expect(await fired()).toEqual([10, 55]);
  });

  it('that is deleted leaves nothing in the store', async () => {
    deploy({ often: { every: '10s' } });
    await elapse(10_000);
    deploy({});
    await elapse(20_000);
    expect([await fired(), await store.positions()]).toEqual([[10], []]);
  });
});

describe('a server that is killed and started again', () => {
  it('fires for each time once, whenever it was killed', async () => {
    deploy({ often: { cron: '* * * * * *' } });
    for (let kill = 0; kill < 20; kill += 1) {
      await elapse(1700);
      await startServer();
    }
    await elapse(1000);
    expect(await fired()).toEqual(Array.from({ length: 35 }, (_, second) => second + 1));
  });

  it('goes on counting where an interval began', async () => {
    deploy({ often: { every: '10s' } });
    await elapse(15_000);
    await startServer();
    await elapse(15_000);
    expect(await fired()).toEqual([10, 20, 30]);
  });

  it('leaves out what passed, or makes up for all of it with one call', async () => {
    deploy({ skipping: { cron: '*/10 * * * *' }, once: { cron: '*/10 * * * *', missed: 'run-once' } });
    await scheduler.stop();
    clock.advance(35 * 60_000);
    await startServer();
    expect(await fired()).toEqual([1800]);
    expect(outcomes.sort()).toEqual(['fired', 'left-out']);
    await startServer();
    await elapse(5 * 60_000);
    expect(await fired()).toEqual([1800, 2400, 2400]);
  });

  it('forgets a schedule that was deleted before the store knew of it', async () => {
    const report = deploy({ often: { every: '10s' } });
    await elapse(10_000);
    functions.set('report', { ...report, settings: completeSettings({}) });
    await startServer();
    expect(await store.positions()).toEqual([]);
  });

  it('takes no notice of what an accepted firing had not been told', async () => {
    deploy({ often: { every: '10s' } });
    await settled();
    const before = await store.positions();
    await elapse(10_000);
    await startServer();
    await elapse(1000);
    expect([before, await fired()]).toMatchObject([[{ lastDueMs: null }], [10]]);
  });
});

describe('steps of the wall clock', () => {
  it('a day ahead: what was passed over is left out, and nothing comes twice when the clock is set right', async () => {
    deploy({ often: { cron: '*/10 * * * * *' } });
    await elapse(10_000);
    clock.stepWallTime(dayMs);
    await elapse(10_000);
    clock.stepWallTime(-dayMs);
    await elapse(10_000);
    const times = await fired();
    expect(times).toEqual([...new Set(times)]);
    expect(times.at(0)).toBe(10);
    expect(times.at(-1)).toBe(86_420);
  });

  it('a day back: what has fired does not fire again, and goes on when the clock is set right', async () => {
    deploy({ often: { cron: '*/10 * * * * *' } });
    await elapse(10_000);
    clock.stepWallTime(-dayMs);
    await elapse(60_000);
    expect(await fired()).toEqual([10]);
    clock.stepWallTime(dayMs);
    await elapse(1000);
    await elapse(9000);
    expect(await fired()).toEqual([10, 20, 30, 40, 50, 60, 70, 80]);
  });

  it('are noticed within a second, however far away the next time was', async () => {
    deploy({ yearly: { cron: '0 0 1 1 *', missed: 'run-once' } });
    await settled();
    clock.stepWallTime(366 * dayMs);
    await elapse(1000);
    expect(await fired()).toEqual([365 * 86_400]);
  });

  it('either way with a server that starts in between: each time fires once', async () => {
    deploy({ often: { cron: '*/10 * * * * *', missed: 'run-once' } });
    for (const stepMs of [dayMs, -2 * dayMs, dayMs, dayMs, -dayMs]) {
      await elapse(25_000);
      clock.stepWallTime(stepMs);
      await startServer();
    }
    const times = await fired();
    expect(times).toEqual([...new Set(times)]);
  });
});

describe('a store that takes nothing', () => {
  it('is asked again until it does, and the time is late and not lost', async () => {
    deploy({ hourly: { every: '1h' } });
    await elapse(1000);
    clock.advance(3_599_000 - 1000);
    await settled();
    store.refusal = unavailable();
    await elapse(60_000);
    expect([outcomesOf('refused'), log.messagesAt('warn')]).toEqual([
      true,
      ['a schedule could not go on; it is tried again'],
    ]);
    store.refusal = undefined;
    await elapse(15_000);
    expect(await fired()).toEqual([3600]);
  });

  it('until the next time is due: then that one is tried, and the log tells of the other', async () => {
    deploy({ often: { every: '10s' } });
    await elapse(9000);
    store.refusal = unavailable();
    await elapse(14_000);
    store.refusal = undefined;
    await elapse(20_000);
    expect(await fired()).toEqual([20, 30, 40]);
    expect(log.messagesAt('error')).toEqual([
      'no event could be made for a schedule before it was due again',
    ]);
  });

  it('while a schedule is disabled: it is forgotten later, and does not make up for anything', async () => {
    const often: Schedule = { every: '10s', missed: 'run-once' };
    deploy({ often });
    await elapse(10_000);
    store.refusal = unavailable();
    deploy({ often: { ...often, enabled: false } });
    await elapse(60_000);
    deploy({ often });
    store.refusal = undefined;
    await elapse(16_000);
    expect(await fired()).toEqual([10, 80]);
  });
});

function outcomesOf(outcome: FiringOutcome): boolean {
  return outcomes.includes(outcome);
}

describe('a scheduler', () => {
  it('has one timer for any number of schedules, and none where there is nothing to do', async () => {
    expect(clock.pendingTimers).toBe(0);
    for (let index = 0; index < 50; index += 1)
      deploy({ a: { every: '1h' }, b: { every: '2h' } }, `f${index}`);
    await settled();
    await elapse(2000);
    expect(clock.pendingTimers).toBe(1);
    await scheduler.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('fires nothing once it has stopped', async () => {
    deploy({ often: { every: '10s' } });
    await elapse(9000);
    await scheduler.stop();
    await elapse(20_000);
    expect(await fired()).toEqual([]);
  });

  it('ends what it has begun before it has stopped', async () => {
    deploy({ often: { every: '10s' } });
    await elapse(9000);
    const accepted = Promise.withResolvers<undefined>();
    store.held = accepted.promise;
    clock.advance(1000);
    await settled();
    const stopped = scheduler.stop();
    accepted.resolve(undefined);
    await stopped;
    expect(await fired()).toEqual([10]);
  });
});
