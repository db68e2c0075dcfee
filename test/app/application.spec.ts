import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partsOf } from '../../src/bootstrap/parts.js';
import { Installation } from '../../src/common/installation/installation.js';
import { KeyRing } from '../../src/auth/keys/key-ring.js';
import { MetricsRegistry } from '../../src/metrics/metrics-registry.js';
import { FunctionRegistry } from '../../src/functions/function-registry.js';
import { openApiDocument } from '../../src/http/openapi/openapi.js';
import { makeApp, startApp } from '../support/app.js';
import { deployedFunction } from '../support/builders/functions.js';
import { changeTo } from '../../src/functions/change-feed.js';
import { exchangeRaw } from '../support/raw-connection.js';

const noEngine = { GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock' };

let surroundings: string;
beforeEach(async () => {
  surroundings = await mkdtemp(join(tmpdir(), 'glambdar-application-'));
});
afterEach(() => rm(surroundings, { recursive: true }));

describe('an application that is made and not started', () => {
  it('tells its documents and its parts, and has touched no directory', async () => {
    const app = await makeApp({ ...noEngine, GLAMBDAR_DIR: join(surroundings, 'not', 'there') });
    expect(Object.keys(openApiDocument(app).paths).length).toBeGreaterThan(10);
    expect(app.get(MetricsRegistry).documented().length).toBeGreaterThan(10);
    expect(partsOf(app).length).toBeGreaterThan(10);
    expect(await readdir(surroundings)).toEqual([]);
    expect(() => app.get(Installation).directory).toThrow('is not open');
  });

  it('is open to nobody, whatever its keys will be', async () => {
    const app = await makeApp(noEngine);
    expect(app.get(KeyRing).inForce).toBe(true);
  });
});

/** What a client begins and never ends. */
const unfinished: readonly (readonly [string, string])[] = [
  ['a call', 'POST /invoke/hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nab'],
  [
    'a call in chunks',
    'POST /invoke/hello HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab',
  ],
  [
    'a change of settings',
    'PATCH /settings/hello HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/merge-patch+json\r\nContent-Length: 10\r\n\r\n{"',
  ],
  [
    'a deployment',
    'POST /deploy HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 999\r\n\r\n--b\r\n',
  ],
];

describe('a server that is told to stop', () => {
  it.each(unfinished)('ends in order although a client never sends the rest of %s', async (_, beginning) => {
    const served = await startApp({
      ...noEngine,
      GLAMBDAR_SHUTDOWN_GRACE_SECONDS: '0',
      GLAMBDAR_CLOSE_TIMEOUT_MS: '0',
    });
    served.app.get(FunctionRegistry).apply(changeTo(deployedFunction({ name: 'hello' })));
    const arrived = once(served.app.getHttpServer(), 'request');
    const closed = exchangeRaw(Number(new URL(served.url).port), beginning).catch(() => 'reset');
    await arrived;
    await served.close();
    await closed;
  });
});

describe('the parts of the server', () => {
  it('are listed in docs/architecture.md, in the same order', async () => {
    const names = partsOf(await makeApp(noEngine)).map(({ name }) => name);
    const page = readFileSync('docs/architecture.md', 'utf8').replaceAll('\n', ' ');
    expect(page).toContain(`${names.join(', ')}.`);
  });

  it('are these, in the order in which they start', async () => {
    const parts = partsOf(await makeApp(noEngine));
    const starting = parts.filter(({ start }) => start).map(({ name }) => name);
    const stopping = parts.filter(({ stop }) => stop).map(({ name }) => name);
    expect(starting).toEqual([
      'directory',
      'database of functions',
      'database of keys',
      'database of events',
      'keys',
      'sessions',
      'functions',
      'master keys',
      'secrets',
      'published code',
      'records',
      'records of builds',
      'container engine',
      'containers',
      'sandboxes',
      'check of published code',
      'routes',
      'events',
      'builds',
      'schedules',
      'listener',
    ]);
    expect(stopping.reverse()).toEqual([
      'listener',
      'schedules',
      'waiting for events',
      'followed builds',
      'followed logs',
      'builds',
      'events',
      'calls',
      'connections',
      'routes',
      'check of published code',
      'building of images',
      'sandboxes',
      'containers',
      'container engine',
      'records of builds',
      'records',
      'published code',
      'functions',
      'database of events',
      'database of keys',
      'database of functions',
      'directory',
    ]);
  });

  it('give everything back: another server starts on the directory as soon as the first has stopped', async () => {
    const first = await startApp(noEngine);
    const { directory } = first.app.get(Installation);
    expect((await fetch(`${first.url}/health/live`)).status).toBe(200);
    await first.stop();
    await expect(fetch(`${first.url}/health/live`)).rejects.toThrow();
    const second = await startApp({ ...noEngine, GLAMBDAR_DIR: directory });
    expect((await fetch(`${second.url}/health/live`)).status).toBe(200);
    await second.close();
    await first.close();
  });
});
