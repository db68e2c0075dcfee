import { parseExposition, valueOf } from '../../test/support/exposition.js';
import { EventsWorld } from '../../test/support/events-world.js';
import { eventResult, idempotencyClaim } from '../../test/support/builders/events.js';
import { settingsFor } from '../../test/support/builders/functions.js';
import { DomainError } from '../common/errors/domain-error.js';
import { EventDepths } from '../events/event-depths.js';
import { EventRoom } from '../events/event-room.js';
import { EventMetrics } from './event-metrics.js';
import { MetricsRegistry } from './metrics-registry.js';
import { metricsSettings } from './metrics.settings.js';

function watched(functions = 10) {
  const world = new EventsWorld();
  const metrics = new MetricsRegistry();
  const depths = new EventDepths(world.store, world.log);
  const room = new EventRoom(world.store, world.log);
  const settings = settingsFor(metricsSettings, { functions });
  const { service, runner, clock } = world;
  new EventMetrics(metrics, depths, room, world.functions, service, runner, clock, settings);
  const read = async (name: string, labels: Record<string, string> = {}) =>
    valueOf(parseExposition(await metrics.text()), name, labels);
  return { world, read };
}

describe('the metrics of events', () => {
  it('say how many wait, for how long, and how attempts went', async () => {
    const { world, read } = watched();
    const hello = world.deploy('hello');
    await world.submit(hello);
    world.clock.advance(5000);
    const last = await world.submit(hello);
    expect(await read('glambdar_events_queued', { function: 'hello' })).toBe(2);
    expect(await read('glambdar_events_oldest_age_seconds')).toBe(5);
    expect(await read('glambdar_events_accepted_total')).toBe(2);
    await world.lifecycle.start();
    await world.reaches(last, 'succeeded');
    expect(await read('glambdar_events_queued', { function: 'hello' })).toBe(0);
    expect(await read('glambdar_event_attempts_total', { outcome: 'success' })).toBe(2);
    expect(await read('glambdar_event_attempts_total', { outcome: 'function' })).toBe(0);
    expect(await read('glambdar_events_running')).toBe(0);
  });

  it('say what events and answers to repeated calls take on the disk', async () => {
    const { world, read } = watched();
    const bytes = async () => ({
      queued: await read('glambdar_event_store_bytes', { kind: 'queued' }),
      kept: await read('glambdar_event_store_bytes', { kind: 'kept' }),
      answers: await read('glambdar_event_store_bytes', { kind: 'answers' }),
    });
    expect(await bytes()).toEqual({ queued: 0, kept: 0, answers: 0 });
    const hello = world.deploy('hello');
    const event = await world.submit(hello);
    const queued = await world.store.queuedBytes();
    expect(await bytes()).toEqual({ queued, kept: 0, answers: 0 });
    await world.lifecycle.start();
    await world.reaches(event, 'succeeded');
    const kept = await world.store.keptBytes();
    expect(await bytes()).toEqual({ queued: 0, kept, answers: 0 });
    await world.store.claimCall(idempotencyClaim(), 'c-1', 1000);
    await world.store.answerCall(idempotencyClaim(), 'c-1', eventResult);
    const answers = await world.store.answerBytes();
    expect(await bytes()).toEqual({ queued: 0, kept, answers });
    expect([queued > 0, kept > 0, answers > 0]).toEqual([true, true, true]);
  });

  it('have a bounded number of series: those with the most, and one of all others', async () => {
    const { world, read } = watched(1);
    const [few, many] = [world.deploy('few'), world.deploy('many')];
    for (const subject of [few, many, many]) await world.submit(subject);
    expect(await read('glambdar_events_queued', { function: 'many' })).toBe(2);
    expect(await read('glambdar_events_queued', { function: '_other' })).toBe(1);
  });

  it('are read also where the store does not answer', async () => {
    const { world, read } = watched();
    world.store.refusal = new DomainError('STORAGE_UNAVAILABLE', 'The storage does not answer.');
    expect(await read('glambdar_events_queued', { function: '_other' })).toBe(0);
    expect(await read('glambdar_event_store_bytes', { kind: 'answers' })).toBeNaN();
  });
});
