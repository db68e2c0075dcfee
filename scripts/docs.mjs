/**
 * `node scripts/docs.mjs` after a build: writes the pages that are made from code, `docs/configuration.md`,
 * `docs/errors.md`, `docs/metrics.md` and `docs/cli.md`, and the schema of `glambdar.json`. Unit tests fail when they are
 * not what the code says.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL, URL } from 'node:url';
import { drawModules } from './architecture.mjs';
import { functionFileSchemaText } from './function-file-schema.mjs';
import { readCommandLine } from './setup/command-line.mjs';

/**
 * @typedef {{ variable: string, meaning: string, defaultValue: unknown, rule: string }} Setting
 * @typedef {{ namespace: string, definitions: Readonly<Record<string, Setting>> }} SettingsGroup
 * @typedef {{ name: string, type: string, help: string, labels: readonly string[] }} DocumentedMetric
 * @typedef {{ code: string, fault: string, status: number, title: string, remedy: string }} DocumentedError
 */

const MADE = '<!-- Made by scripts/docs.mjs from the code: change it there. -->';

/** @param {readonly SettingsGroup[]} groups */
export function configurationPage(groups) {
  return `${MADE}

# Configuration

Settings are environment variables. Each has a default, so you only set those you want to change. The server checks all
of them when it starts. If one breaks its rule, or a \`GLAMBDAR_\` variable is not a setting, it prints all such problems
and exits with code 78. A variable with an empty value counts as set.

The log goes to standard output: one JSON object per line, or, on a terminal, text for people, in colour unless you set
\`NO_COLOR\`. The messages for the person who starts the server go to standard error.

${groups.map(groupSection).join('\n')}`;
}

/** @param {SettingsGroup} group */
function groupSection({ namespace, definitions }) {
  const rows = Object.values(definitions).map(({ variable, meaning, defaultValue, rule }) => [
    `\`${variable}\``,
    meaning,
    shownDefault(defaultValue),
    rule,
  ]);
  return `## ${namespace}\n\n${table([['variable', 'meaning', 'default', 'rule'], ...rows])}\n`;
}

/** @param {unknown} value */
function shownDefault(value) {
  return value === '' ? '(empty)' : `\`${value}\``;
}

/** @param {readonly DocumentedError[]} errors */
export function errorsPage(errors) {
  const rows = errors.map(({ code, status, fault, title, remedy }) => [
    `\`${code}\``,
    String(status),
    fault,
    title,
    remedy,
  ]);
  return `${MADE}

# Errors

Every error is \`application/problem+json\` (RFC 9457) with \`type\`, \`title\`, \`status\`, \`detail\`, \`code\`, \`error\`
(the same text as \`detail\`) and, if there was a call, \`invocationId\`. Where they apply, it also has \`field\` and
\`reason\` (the broken rule), \`errorType\` and \`errorMessage\` (what the function threw) and \`output\` (what it printed
last). Branch on \`code\`: its meaning never changes. \`Retry-After\` says after how many seconds it makes sense to try
again. The fault says who can fix it: the \`caller\`, the author of the \`function\`, or the operator of the \`platform\`.

${table([['code', 'status', 'fault', 'title', 'what to do'], ...rows])}
`;
}

/** What an operator asks first, in the query language of Prometheus. */
const questions = [
  ['How often is each function called?', 'sum by (function) (rate(glambdar_invocations_total[5m]))'],
  [
    'How long does it take, 99 times in 100?',
    'histogram_quantile(0.99, sum by (function, le) (rate(glambdar_invocation_duration_seconds_bucket[5m])))',
  ],
  [
    'Which function fails?',
    'sum by (function) (rate(glambdar_invocations_total{outcome="function"}[5m])) > 0',
  ],
  [
    'Does the platform fail?',
    'sum by (code) (rate(glambdar_invocation_errors_total{fault="platform"}[5m])) > 0',
  ],
  [
    'Do calls find a container ready?',
    'sum(rate(glambdar_pool_requests_total{result="hit"}[5m])) / sum(rate(glambdar_pool_requests_total[5m]))',
  ],
  [
    'Does the engine answer, and remove?',
    'glambdar_engine_up == 0 or on() sum(glambdar_containers{state="leaked"}) > 0',
  ],
  ['Does somebody guess keys?', 'rate(glambdar_rate_limit_denials_total{limit="failures"}[5m]) > 0'],
  ['Is the server held up?', 'nodejs_eventloop_lag_p99_seconds > 0.1'],
].map(([question = '', query]) => [question, `\`${query}\``]);

/** @param {readonly DocumentedMetric[]} metrics */
export function metricsPage(metrics) {
  const rows = (/** @type {(metric: DocumentedMetric) => boolean} */ isListed) =>
    metrics
      .filter(isListed)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, type, help, labels }) => [
        `\`${name}\``,
        type,
        labels.map((label) => `\`${label}\``).join(', '),
        help,
      ]);
  const head = ['name', 'type', 'labels', 'meaning'];
  const isOwn = (/** @type {DocumentedMetric} */ { name }) => name.startsWith('glambdar_');
  return `${MADE}

# Metrics

\`GET /metrics\` answers in the Prometheus text format. From the first key on it needs one with the scope
\`metrics:read\`, which opens nothing else:

\`\`\`sh
npm run --silent keys -- create --name prometheus --scopes metrics:read > /etc/prometheus/glambdar.key
\`\`\`

\`\`\`yaml
scrape_configs:
  - job_name: glambdar
    authorization:
      credentials_file: /etc/prometheus/glambdar.key
    static_configs:
      - targets: ['127.0.0.1:8000']
\`\`\`

Without keys leave \`authorization\` out. Durations are in seconds, in buckets from 0.25 ms to 900 s; sizes are in bytes.
Everything counts from the server's start, and a function's own series end with it. The first functions that are
called have series of their own, as many as \`GLAMBDAR_METRICS_FUNCTIONS\` says; all others are \`_other\`.

## What to look at

${table([['question', 'query'], ...questions])}

## Glambdar's own

${table([head, ...rows(isOwn)])}

## The process

Of prom-client, as in other Node.js programs.

${table([head, ...rows((metric) => !isOwn(metric))])}

## Without Prometheus

The server counts for itself, too: \`GET /stats\` shows calls, errors and durations of the last day. It needs the scope
\`metrics:read\`; a key that is limited to certain functions sees these alone.

\`\`\`sh
curl http://localhost:8000/stats
curl 'http://localhost:8000/stats?function=hello&minutes=1440'
\`\`\`

- \`minutes\`: 60 (the default) in steps of a minute, 360 or 1440 in steps of five. The last step is still going on.
- \`calls\`: those that reached the function and have ended, refused ones included; the three kinds of errors are part of them.
- \`p50Ms\`, \`p99Ms\`: of the calls that ran, at most 19 % off between 0.25 ms and 24 minutes; null for a step without calls.
- \`functions\`: those called in this time, the busiest first. The \`GLAMBDAR_STATS_FUNCTIONS\` functions called last have series; one
  that gives way, or is deleted, loses its own.
- \`events\`: functions with events that wait (\`queued\`), run or are \`dead\`, and since when the oldest of those that wait does; those with the
  most first.
- \`server\`: calls and containers at this moment, memory, engine, disk; for keys that may see the server (\`functions:read\`, not limited).
- \`attention\`: what somebody should look at, and what to do: \`ENGINE_DOWN\`, \`IMAGE_MISSING\`, \`DISK_LOW\`, \`STORE_FAILING\`, \`NO_KEY\`,
  \`SERVER_OVERLOADED\`, \`RECORDS_LOST\`, \`CONTAINERS_LEFT\` of the server; \`FUNCTION_BROKEN\`, \`FUNCTION_FAILING\`, \`FUNCTION_ERRORS\` (five and
  a tenth of the calls in five minutes), \`FUNCTION_REFUSES\`, \`POOL_NOT_FILLED\`, \`EVENTS_DEAD\`,
  \`EVENTS_STUCK\` (due for five minutes, and none runs) of a function.

It is kept in memory, less than 4 MiB by default, and ends with the server. \`GET /server\` (scope \`admin\`) shows the settings in
force and where each comes from, what the server's files take, the disk, the engine and the runtimes with their images. It names no
secret, and no path of the machine but the server's directory.

## Grafana

[grafana.json](grafana.json) is a dashboard for a Grafana with a Prometheus: import it, and choose the data source.

## Traces

A call continues the trace of the request's \`traceparent\` ([W3C Trace Context](https://www.w3.org/TR/trace-context/)). Without
a valid one it starts a new trace, which is not sampled. The \`traceparent\` of the event and of the answer names the call as the
parent of what the handler does next; \`tracestate\` reaches the handler unchanged. \`context.traceId\` and the call's log line have
the trace's id. If the trace starts here, that is the invocation's id without dashes.
`;
}

/** Padded as the formatter pads it, so that the pages pass its check. @param {string[][]} rows the first is the head */
function table([head = [], ...body]) {
  const rows = [head, ...body].map((row) => row.map((text) => text.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => line(row.map((text, column) => text.padEnd(widths[column] ?? 0))));
  lines.splice(1, 0, line(widths.map((width) => '-'.repeat(width))));
  return lines.join('\n');
}

/** @param {string[]} cells */
function line(cells) {
  return `| ${cells.join(' | ')} |`;
}

/** @param {string} file below `dist/src` */
async function built(file) {
  return import(new URL(`../dist/src/${file}`, import.meta.url).href);
}

async function writePages() {
  const { settingsGroups } = await built('bootstrap/settings-groups.js');
  const { documentedErrors } = await built('http/problem-catalogue.js');
  await writeFile(new URL('../docs/configuration.md', import.meta.url), configurationPage(settingsGroups));
  await writeFile(new URL('../docs/errors.md', import.meta.url), errorsPage(documentedErrors()));
  await writeFile(new URL('../docs/metrics.md', import.meta.url), metricsPage(await documentedMetrics()));
  const document = JSON.parse(await readFile(new URL('../dist/openapi.json', import.meta.url), 'utf8'));
  await writeFile(
    new URL('../cli/glambdar.schema.json', import.meta.url),
    await functionFileSchemaText(document),
  );
  const { commandLinePage } = await import(new URL('../cli/dist/reference.js', import.meta.url).href);
  await writeFile(new URL('../docs/cli.md', import.meta.url), commandLinePage());
}

/** The metrics of a server that is made but never started: it touches neither the disk nor the network. */
async function documentedMetrics() {
  const { createApp } = await built('bootstrap/create-app.js');
  const { MetricsRegistry } = await built('metrics/metrics-registry.js');
  return (await createApp()).get(MetricsRegistry).documented();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  readCommandLine({
    usage:
      'node scripts/docs.mjs\n\nAfter a build: writes docs/configuration.md, docs/errors.md, docs/metrics.md, docs/cli.md, cli/glambdar.schema.json and the modules of docs/architecture.md from the code.',
  });
  await writePages();
  await drawModules();
}
