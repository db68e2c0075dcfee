import { InMemoryFunctionStore } from '../../test/fakes/in-memory-function-store.js';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { deployedFunction } from '../../test/support/builders/functions.js';
import { parseExposition, valueOf } from '../../test/support/exposition.js';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { InvocationCounter } from '../functions/invocation-counter.js';
import { MetricsRegistry } from './metrics-registry.js';
import { FunctionMetrics } from './server-metrics.js';

describe('the metrics of functions', () => {
  it('tell how many there are, and how often they changed', async () => {
    const [log, clock, metrics] = [new RecordingLog(), new ManualClock(), new MetricsRegistry()];
    const counter = new InvocationCounter(new InMemoryFunctionStore(), clock, log);
    const subject = deployedFunction();
    const events = new FunctionEvents(log);
    new FunctionMetrics(metrics, new FunctionRegistry(counter, clock, 3, [subject]), events);
    events.deployed(subject);
    events.replaced(subject, subject);
    events.replaced(subject, subject);
    const scraped = parseExposition(await metrics.text());
    const changes = ['deployed', 'replaced', 'deleted'].map((change) =>
      valueOf(scraped, 'glambdar_function_changes_total', { change }),
    );
    expect(changes).toEqual([1, 2, 0]);
    expect(valueOf(scraped, 'glambdar_functions')).toBe(1);
  });
});
