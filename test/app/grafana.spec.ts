import { readFile } from 'node:fs/promises';
import { MetricsRegistry } from '../../src/metrics/metrics-registry.js';
import { makeApp } from '../support/app.js';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly {
    readonly expr: string;
    readonly legendFormat: string;
    readonly refId: string;
  }[];
}

interface Dashboard {
  readonly uid: string;
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
  readonly panels: readonly Panel[];
}

const text = await readFile(new URL('../../docs/grafana.json', import.meta.url), 'utf8');
const dashboard = JSON.parse(text) as Dashboard;
const panels = dashboard.panels.filter(({ type }) => type !== 'row');

/** Everything that the dashboard asks Prometheus. */
const queries = [
  ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...dashboard.templating.list.flatMap(({ definition }) => definition ?? []),
];

/** The labels of each metric, as Prometheus has them; a histogram is three metrics. */
const labelsByMetric = new Map<string, readonly string[]>();
beforeAll(async () => {
  const app = await makeApp({ GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock' });
  for (const { name, type, labels } of app.get(MetricsRegistry).documented()) {
    // `instance` and `job` are of Prometheus itself.
    const known = [...labels, 'instance', 'job'];
    if (type !== 'histogram') labelsByMetric.set(name, known);
    else {
      labelsByMetric.set(`${name}_bucket`, [...known, 'le']);
      for (const suffix of ['_sum', '_count']) labelsByMetric.set(name + suffix, known);
    }
  }
});

const metricsIn = (query: string) => query.match(/\b(glambdar|process|nodejs)_\w+/g) ?? [];

/** Each metric of a query with the labels that it is selected by. */
function selectionsIn(query: string): (readonly [metric: string, labels: readonly string[]])[] {
  return [...query.matchAll(/\b((?:glambdar|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, metric = '', selector = '']) => [
      metric,
      [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
    ],
  );
}

describe('the dashboard for Grafana', () => {
  it('asks only for metrics that there are, by labels that they have', () => {
    expect(queries.length).toBeGreaterThan(30);
    const unknown = queries.flatMap(selectionsIn).flatMap(([metric, labels]) => {
      const known = labelsByMetric.get(metric);
      if (!known) return [metric];
      return labels.filter((label) => !known.includes(label)).map((label) => `${metric}{${label}}`);
    });
    expect(unknown).toEqual([]);
  });

  it('groups and names series only by labels that what it asks for has', () => {
    const legends = panels.flatMap(({ targets = [] }) =>
      targets.map(({ expr, legendFormat }) => ({
        expr,
        labels: [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label),
      })),
    );
    for (const { expr, labels } of legends) {
      const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', '));
      for (const label of [...grouped, ...labels]) {
        for (const metric of metricsIn(expr))
          expect([expr, labelsByMetric.get(metric)]).toEqual([expr, expect.arrayContaining([label])]);
      }
      expect(labels.filter((label) => !grouped.includes(label))).toEqual([]);
    }
  });

  it('counts by rates, never by the totals of counters', () => {
    for (const query of queries.filter((one) => !one.startsWith('label_values'))) {
      for (const [counter] of query.matchAll(/\b\w+_(?:total|bucket)\b(?!\{[^}]*\}\[\$__rate_interval\])/g))
        expect(`${counter} in ${query}`).toBe('');
    }
  });

  it('has unique ids, a title and a description for each panel, and no two in one place', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { title, description, targets = [] } of panels) {
      expect([title, description]).toEqual([expect.stringMatching(/./), expect.stringMatching(/\.$/)]);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
    expect(Math.max(...dashboard.panels.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24);
  });

  it('asks whichever data source, server and function is chosen, and names no machine', () => {
    for (const { datasource } of panels) expect(datasource?.uid).toBe('${datasource}');
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'instance', 'function']);
    for (const query of panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)))
      for (const [metric, labels] of selectionsIn(query))
        expect([metric, labels[0]]).toEqual([metric, 'instance']);
    expect(text).not.toMatch(/https?:|localhost|127\.0\.0\.1/);
  });
});
