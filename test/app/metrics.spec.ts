import { readFile } from 'node:fs/promises';
import { KeyService } from '../../src/auth/keys/key.service.js';
import type { Scope } from '../../src/common/auth/caller.js';
import { MetricsRegistry } from '../../src/metrics/metrics-registry.js';
import { startApp, type ListeningApp } from '../support/app.js';
import { parseExposition, valueOf, type ScrapedMetric } from '../support/exposition.js';

interface DocsScript {
  readonly metricsPage: (metrics: ReturnType<MetricsRegistry['documented']>) => string;
}

/** A script has no types of its own for a test; the path in a variable keeps the compiler from looking for some. */
const script = '../../scripts/docs.mjs';
const { metricsPage } = (await import(script)) as DocsScript;

let served: ListeningApp;
beforeEach(async () => {
  // Metrics are wanted most when the engine is not there.
  served = await startApp({ GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock' });
});
afterEach(() => served.close());

async function scrape(): Promise<ScrapedMetric[]> {
  return parseExposition(await (await fetch(`${served.url}/metrics`)).text());
}

describe('docs/metrics.md', () => {
  it('has every metric. Run `npm run build && node scripts/docs.mjs` and commit what it wrote.', async () => {
    const committed = await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
    expect(committed).toBe(metricsPage(served.app.get(MetricsRegistry).documented()));
  });
});

describe('GET /metrics', () => {
  it('answers in the text format, whose every line a strict reader takes', async () => {
    const response = await fetch(`${served.url}/metrics`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(parseExposition(await response.text()).length).toBeGreaterThan(40);
  });

  it('names metrics as Prometheus asks: a prefix, base units, and a total of what is counted', async () => {
    for (const { name, type, help } of await scrape()) {
      expect(name).toMatch(/^(glambdar|process|nodejs)_[a-z0-9_]+$/);
      expect(`${name} is a counter: ${type === 'counter'}`).toBe(
        `${name} is a counter: ${name.endsWith('_total')}`,
      );
      expect(name).not.toMatch(
        /_(ms|milliseconds|micros|minutes|kib|mib|megabytes|percent|count|sum|bucket)(_|$)/,
      );
      if (/duration|delay|lag|_time/.test(name)) expect(name).toMatch(/_seconds$/);
      expect(help).not.toBe('');
      if (name.startsWith('glambdar_')) expect(help).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('has no series twice, and buckets that add up', async () => {
    await scrape();
    for (const { name, type, samples } of await scrape()) {
      const series = samples.map((sample) => `${sample.name} ${JSON.stringify(sample.labels)}`);
      expect(new Set(series).size).toBe(series.length);
      if (type !== 'histogram') continue;
      let before = 0;
      for (const { labels, value, name: sample } of samples) {
        if (sample === `${name}_bucket`) expect(value).toBeGreaterThanOrEqual(before);
        if (sample === `${name}_bucket`) before = labels['le'] === '+Inf' ? 0 : value;
        if (labels['le'] === '+Inf') {
          const others = Object.fromEntries(Object.entries(labels).filter(([label]) => label !== 'le'));
          expect(valueOf([{ name, type, help: '', samples }], `${name}_count`, others)).toBe(value);
        }
      }
    }
  });

  it('covers what the server is made of', async () => {
    const metrics = await scrape();
    const names = metrics.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'glambdar_build_info',
        'glambdar_invocations_total',
        'glambdar_invocation_errors_total',
        'glambdar_pool_containers',
        'glambdar_admission_calls',
        'glambdar_containers',
        'glambdar_engine_call_duration_seconds',
        'nodejs_eventloop_lag_p99_seconds',
        'nodejs_gc_duration_seconds',
        'process_resident_memory_bytes',
        'process_cpu_seconds_total',
      ]),
    );
    expect(
      valueOf(metrics, 'glambdar_build_info', {
        version: '0.1.0',
        node: process.version,
        runtime: 'default',
      }),
    ).toBe(1);
    expect(valueOf(metrics, 'glambdar_http_connections')).toBeGreaterThanOrEqual(1);
  });

  it('tells of an engine that does not answer', async () => {
    const metrics = await scrape();
    expect(valueOf(metrics, 'glambdar_engine_up')).toBe(0);
    expect(
      valueOf(metrics, 'glambdar_engine_call_errors_total', { call: 'ping', kind: 'unreachable' }),
    ).toBeGreaterThanOrEqual(1);
  });

  it('counts what was refused, by its code', async () => {
    await fetch(`${served.url}/invoke/never-deployed`, { method: 'POST' });
    await fetch(`${served.url}/invoke/never-deployed`, { method: 'POST' });
    const metrics = await scrape();
    expect(valueOf(metrics, 'glambdar_http_errors_total', { code: 'FUNCTION_NOT_FOUND' })).toBe(2);
    // A name that nobody deployed must not become a label.
    expect(JSON.stringify(metrics)).not.toContain('never-deployed');
  });

  it('asks for a key that may read metrics and need not read anything else', async () => {
    const keys = served.app.get(KeyService);
    const statusOf = async (scope: Scope, path: string) => {
      const made = await keys.create(
        { name: 'scraper', scopes: [scope], functions: null, expiresAt: null },
        { actor: 'local', requestId: null, address: null },
      );
      const response = await fetch(served.url + path, { headers: { Authorization: `Bearer ${made.text}` } });
      return response.status;
    };
    expect(await statusOf('metrics:read', '/metrics')).toBe(200);
    expect(await statusOf('admin', '/metrics')).toBe(200);
    expect(await statusOf('functions:read', '/metrics')).toBe(403);
    expect(await statusOf('metrics:read', '/info')).toBe(403);
    expect((await fetch(`${served.url}/metrics`)).status).toBe(401);
  });
});
