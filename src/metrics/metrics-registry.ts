import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, type Metric, Registry } from 'prom-client';

/** Upper bounds in seconds: from a call of a waiting container to the longest that a call may take. */
export const durationBuckets = [
  0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
  900,
] as const;

/**
 * Durations counted into the buckets of a histogram. Every call is counted four times, which prom-client's own histogram
 * makes a twentieth of the server's time for a call: it finds the labels anew for each.
 */
export class Durations {
  /** One for each bucket, not cumulative; the last is of what is longer than all. */
  private readonly counts = new Array<number>(durationBuckets.length + 1).fill(0);
  private sumSeconds = 0;

  observe(ms: number): void {
    const seconds = ms / 1000;
    let bucket = 0;
    while (bucket < durationBuckets.length && seconds > (durationBuckets[bucket] ?? Infinity)) bucket += 1;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sumSeconds += seconds;
  }

  /** As a histogram shows them: how many took at most so long, bucket by bucket, then all, and their sum in seconds. */
  read(): { readonly upTo: readonly (readonly [le: string, count: number])[]; readonly sum: number } {
    let count = 0;
    const upTo = this.counts.map((inBucket, bucket) => {
      count += inBucket;
      return [String(durationBuckets[bucket] ?? '+Inf'), count] as const;
    });
    return { upTo, sum: this.sumSeconds };
  }
}

/** What a metric is; the name says its unit. */
export interface MetricDefinition {
  readonly name: string;
  /** One sentence, which says what each label means. */
  readonly help: string;
  readonly labels?: readonly string[];
}

/** A metric whose value stands elsewhere: it is read when somebody asks for the metrics. */
export interface ReadMetric<Source> extends Omit<MetricDefinition, 'labels'> {
  readonly type: 'counter' | 'gauge';
  /** Where there is one, `value` gives a number for each of its values. */
  readonly label?: string;
  readonly value: (source: Source) => number | Readonly<Record<string, number>>;
}

type Labels = Readonly<Record<string, string>>;

interface ReadDefinition extends Required<MetricDefinition> {
  readonly type: 'counter' | 'histogram';
}

interface ReadValue {
  /** Where it is not the metric's own. */
  readonly metricName?: string;
  readonly labels: Labels;
  readonly value: number;
}

/** Deprecated in Node.js, costly with many connections, or gauges that are named like counters. */
const notCollected = [
  'nodejs_active_handles',
  'nodejs_active_handles_total',
  'nodejs_active_requests',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** Every metric of the server; each part of the server has a class beside this one that defines its own. */
@Injectable()
export class MetricsRegistry {
  private readonly registry = new Registry();
  private readonly readers: (() => Promise<void>)[] = [];

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    for (const name of notCollected) this.registry.removeSingleMetric(name);
  }

  counter({ name, help, labels = [] }: MetricDefinition): Counter {
    return new Counter({ name, help, labelNames: [...labels], registers: [this.registry] });
  }

  gauge({ name, help, labels = [] }: MetricDefinition): Gauge {
    return new Gauge({ name, help, labelNames: [...labels], registers: [this.registry] });
  }

  /** Of durations, in seconds. */
  histogram({ name, help, labels = [] }: MetricDefinition): Histogram {
    const buckets = [...durationBuckets];
    return new Histogram({ name, help, labelNames: [...labels], buckets, registers: [this.registry] });
  }

  /** Of durations that are counted elsewhere: they are read when somebody asks for the metrics. */
  durations(
    { name, help, labels = [] }: MetricDefinition,
    series: () => Iterable<readonly [labels: Labels, durations: Durations]>,
  ): void {
    this.readValues({ name, help, labels, type: 'histogram' }, function* () {
      for (const [labelled, durations] of series()) {
        const { upTo, sum } = durations.read();
        for (const [le, value] of upTo)
          yield { metricName: `${name}_bucket`, labels: { le, ...labelled }, value };
        yield { metricName: `${name}_sum`, labels: labelled, value: sum };
        yield { metricName: `${name}_count`, labels: labelled, value: upTo.at(-1)?.[1] ?? 0 };
      }
    });
  }

  /** Likewise, counts with labels. */
  counts(
    { name, help, labels = [] }: MetricDefinition,
    series: () => Iterable<readonly [labels: Labels, count: number]>,
  ): void {
    this.readValues({ name, help, labels, type: 'counter' }, function* () {
      for (const [labelled, value] of series()) yield { labels: labelled, value };
    });
  }

  /** Metrics that come from one source, which is asked once each time. */
  readFrom<Source>(source: () => Source | Promise<Source>, metrics: readonly ReadMetric<Source>[]): void {
    const writers = metrics.map((metric) => this.writerOf(metric));
    this.readers.push(async () => {
      const read = await source();
      for (const write of writers) write(read);
    });
  }

  /** In the Prometheus text format, for now. */
  async text(): Promise<string> {
    await Promise.all(this.readers.map((read) => read()));
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** What there is, for `docs/metrics.md`. */
  documented(): {
    readonly name: string;
    readonly type: string;
    readonly help: string;
    readonly labels: string[];
  }[] {
    return this.registry.getMetricsAsArray().map((metric) => ({
      name: metric.name,
      type: String(metric.type),
      help: metric.help,
      labels: [...(metric as unknown as { labelNames: string[] }).labelNames],
    }));
  }

  /** prom-client takes whatever gives its values when it is asked, which its types do not say. */
  private readValues(definition: ReadDefinition, values: () => Iterable<ReadValue>): void {
    const { name, help, type, labels } = definition;
    const described = { name, help, type, aggregator: 'sum', labelNames: [...labels] };
    const get = () => Promise.resolve({ ...described, values: [...values()] });
    this.registry.registerMetric({ ...described, get, reset: () => undefined } as unknown as Metric);
  }

  private writerOf<Source>({ name, help, type, label, value }: ReadMetric<Source>): (source: Source) => void {
    const definition = { name, help, labels: label === undefined ? [] : [label] };
    const metric = type === 'counter' ? this.counter(definition) : this.gauge(definition);
    return (source) => {
      const read = value(source);
      metric.reset();
      if (typeof read === 'number') metric.inc(read);
      else
        for (const [labelled, count] of Object.entries(read)) metric.inc({ [label ?? '']: labelled }, count);
    };
  }
}
