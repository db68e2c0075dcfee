import { parseExposition, valueOf } from '../../test/support/exposition.js';
import { EventsWorld } from '../../test/support/events-world.js';
import { settingsFor } from '../../test/support/builders/functions.js';
import { DomainError } from '../common/errors/domain-error.js';
import { EventDepths } from '../events/event-depths.js';
import { EventMetrics } from './event-metrics.js';
import { MetricsRegistry } from './metrics-registry.js';
import { metricsSettings } from './metrics.settings.js';

function watched(functions = 10) {
  const world = new EventsWorld();
  const metrics = new MetricsRegistry();
  const depths = new EventDepths(world.store, world.log);
  const settings = settingsFor(metricsSettings, { functions });
  new EventMetrics(metrics, depths, world.functions, world.service, world.runner, world.clock, settings);
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
  });
});
