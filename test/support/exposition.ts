/** One number of a metric, with the labels that tell it from the others. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric as a scraper reads it. */
export interface ScrapedMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const labelPair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

/**
 * Reads the Prometheus text format, version 0.0.4, more strictly than Prometheus does: each metric has its help, its
 * type and its samples in this order, in one place, and no line is anything else.
 */
export function parseExposition(text: string): ScrapedMetric[] {
  if (!text.endsWith('\n')) throw new Error('The last line does not end.');
  const metrics: { name: string; type: string; help: string; samples: Sample[] }[] = [];
  const lines = text.split('\n').filter((line) => line !== '');
  for (const [index, line] of lines.entries()) {
    const metric = metrics.at(-1);
    const help = /^# HELP (\S+) (.+)$/.exec(line);
    if (help) {
      const type = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(lines[index + 1] ?? '');
      if (type?.[1] !== help[1]) throw new Error(`No type after: ${line}`);
      metrics.push({ name: help[1] ?? '', help: help[2] ?? '', type: type?.[2] ?? '', samples: [] });
    } else if (!line.startsWith('# TYPE ')) {
      metric?.samples.push(sampleOf(line, metric));
    }
  }
  const names = metrics.map(({ name }) => name);
  if (new Set(names).size !== names.length) throw new Error('A metric is there twice.');
  return metrics;
}

/** The value of the sample with this name and exactly these labels; undefined where there is none. */
export function valueOf(
  metrics: readonly ScrapedMetric[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = JSON.stringify(Object.entries(labels).sort());
  return metrics
    .flatMap(({ samples }) => samples)
    .find((sample) => sample.name === name && JSON.stringify(Object.entries(sample.labels).sort()) === wanted)
    ?.value;
}

function sampleOf(line: string, metric: { name: string; type: string }): Sample {
  const [, name = '', labels = '', written = ''] = sampleLine.exec(line) ?? [];
  const suffixes = metric.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  if (!suffixes.some((suffix) => name === metric.name + suffix)) {
    throw new Error(`No sample of ${metric.name}: ${line}`);
  }
  const value = Number(written.replace('Inf', 'Infinity'));
  if (Number.isNaN(value) && !/^nan$/i.test(written)) throw new Error(`No number: ${line}`);
  return { name, labels: labelsOf(labels), value };
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  labelPair.lastIndex = 0;
  while (labelPair.lastIndex < text.length) {
    const pair = labelPair.exec(text);
    if (!pair) throw new Error(`Not labels: ${text}`);
    labels[pair[1] ?? ''] = pair[2] ?? '';
  }
  return labels;
}
