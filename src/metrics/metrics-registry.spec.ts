import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { durationBuckets, Durations, MetricsRegistry } from './metrics-registry.js';

const definition = { name: 'tested_seconds', help: 'What is tested.', labels: ['kind'] } as const;

/** What prom-client's own histogram says of the same durations. */
async function ofPromClient(observed: readonly (readonly [kind: string, ms: number])[]): Promise<string> {
  const registry = new Registry();
  const histogram = new Histogram({
    name: definition.name,
    help: definition.help,
    labelNames: definition.labels,
    buckets: [...durationBuckets],
    registers: [registry],
  });
  for (const [kind, ms] of observed) histogram.labels(kind).observe(ms / 1000);
  return registry.metrics();
}

async function ofOurs(observed: readonly (readonly [kind: string, ms: number])[]): Promise<string> {
  const series = new Map<string, Durations>();
  const metrics = new MetricsRegistry();
  metrics.durations(definition, () => [...series].map(([kind, durations]) => [{ kind }, durations] as const));
  for (const [kind, ms] of observed) {
    const durations = series.get(kind) ?? new Durations();
    series.set(kind, durations);
    durations.observe(ms);
  }
  const lines = (await metrics.text()).split('\n');
  return `${lines.filter((line) => line.includes(definition.name)).join('\n')}\n`;
}

describe('durations', () => {
  it('are shown as prom-client’s own histogram shows them', async () => {
    const edges = durationBuckets.map((seconds) => seconds * 1000);
    const observed = fc.array(
      fc.tuple(
        fc.constantFrom('a', 'b'),
        fc.oneof(fc.double({ min: 0, max: 1e7, noNaN: true }), fc.constantFrom(...edges)),
      ),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(observed, async (durations) => {
        expect(await ofOurs(durations)).toBe(await ofPromClient(durations));
      }),
      { numRuns: 50 },
    );
  });
});
