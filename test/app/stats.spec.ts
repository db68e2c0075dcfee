import { KeyService } from '../../src/auth/keys/key.service.js';
import type { Scope } from '../../src/common/auth/caller.js';
import { Installation } from '../../src/common/installation/installation.js';
import { EngineHealth } from '../../src/container/engine-health.js';
import { changeTo } from '../../src/functions/change-feed.js';
import { FunctionRegistry } from '../../src/functions/function-registry.js';
import { EndedCalls } from '../../src/invocation/invocation.js';
import { startApp, type ListeningApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { endedCall } from '../support/builders/calls.js';
import { deployedFunction } from '../support/builders/functions.js';

const owner = { actor: 'local', requestId: null, address: null };
const [cart, mail] = [deployedFunction({ name: 'shop-cart' }), deployedFunction({ name: 'mail' })];
const stopped = deployedFunction({ name: 'stopped', settings: { maxConcurrency: 0 } });
const failing = deployedFunction({ name: 'failing', loadFailure: 'Error: secret of its author' });

let served: ListeningApp;
const keys = { admin: '', shop: '', metrics: '' };

beforeAll(async () => {
  served = await startApp({
    GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock',
    GLAMBDAR_MANAGEMENT_PER_SECOND: '0',
    GLAMBDAR_READY_FREE_DISK_MIB: '1',
    GLAMBDAR_SECRETS_KEY: 'ab'.repeat(32),
  });
  keys.admin = await makeKey(['admin'], null);
  keys.shop = await makeKey(['metrics:read', 'functions:read'], ['shop-*']);
  keys.metrics = await makeKey(['metrics:read'], null);
  const registry = served.app.get(FunctionRegistry);
  for (const deployed of [cart, mail, failing]) registry.apply(changeTo(deployed));
  const ended = served.app.get(EndedCalls);
  for (let call = 0; call < 3; call += 1) ended.publish(endedCall(cart));
  ended.publish(endedCall(mail));
  ended.publish(endedCall(mail, { outcome: 'FUNCTION_ERROR' }));
  // What was known of the server holds while a busy machine takes longer to look at it again.
  await served.app.get(EngineHealth).probe();
  await eventually('the disk is known', async () => (await stats()).server?.disk ?? undefined);
});
afterAll(() => served.close());

async function makeKey(scopes: readonly Scope[], functions: readonly string[] | null): Promise<string> {
  const wanted = { name: 'test', scopes, functions, expiresAt: null };
  return (await served.app.get(KeyService).create(wanted, owner)).text;
}

interface Series {
  readonly from: string;
  readonly calls: readonly number[];
  readonly functionErrors: readonly number[];
  readonly p99Ms: readonly (number | null)[];
}

interface Stats {
  readonly now: string;
  readonly stepSeconds: number;
  readonly series: Series | null;
  readonly functions: readonly {
    readonly name: string;
    readonly calls: number;
    readonly errors: number;
    readonly sparkline: readonly number[];
  }[];
  readonly events: readonly {
    readonly name: string;
    readonly queued: number;
    readonly running: number;
    readonly dead: number;
    readonly oldestAt: string | null;
  }[];
  readonly server: { readonly engine: object; readonly disk: object | null } | null;
  readonly attention: readonly { readonly code: string; readonly function: string | null }[];
}

async function ask(path: string, key = keys.admin) {
  const response = await fetch(served.url + path, { headers: { 'X-Glambdar-Key': key } });
  return { status: response.status, body: await response.json() };
}

const stats = async (query = '', key = keys.admin) => (await ask(`/stats${query}`, key)).body as Stats;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Without records that are lost: what writes them needs a build. */
const codes = ({ attention }: Stats) =>
  attention
    .filter(({ code }) => code !== 'RECORDS_LOST')
    .map(({ code, function: name }) => `${code} ${name ?? ''}`);

describe('GET /stats', () => {
  it('shows the calls of the server and of each function, the busiest first', async () => {
    const { series, functions, stepSeconds } = await stats();
    expect([stepSeconds, series?.calls.length]).toEqual([60, 60]);
    expect([sum(series!.calls), sum(series!.functionErrors)]).toEqual([5, 1]);
    expect(functions).toMatchObject([
      { name: 'shop-cart', calls: 3, errors: 0, p50Ms: 2.38, p99Ms: 2.38 },
      { name: 'mail', calls: 2, errors: 1 },
    ]);
    expect(sum(functions[0]!.sparkline)).toBe(3);
  });

  it('shows the events of each function that wait, run or are dead, to whom it may concern', async () => {
    const before = Date.now();
    served.app.get(FunctionRegistry).apply(changeTo(stopped));
    for (let sent = 0; sent < 2; sent += 1) {
      const init = { method: 'POST', headers: { 'X-Glambdar-Key': keys.admin, Prefer: 'respond-async' } };
      expect((await fetch(`${served.url}/invoke/stopped`, init)).status).toBe(202);
    }
    const { events } = await stats();
    expect(events).toEqual([
      { name: 'stopped', queued: 2, running: 0, dead: 0, oldestAt: expect.any(String) as string },
    ]);
    expect(Date.parse(events[0]!.oldestAt!)).toBeGreaterThanOrEqual(before - 1);
    expect((await stats('?function=stopped')).events).toEqual(events);
    expect((await stats('?function=mail')).events).toEqual([]);
    expect((await stats('', keys.shop)).events).toEqual([]);
  });

  it.each([
    [360, 72],
    [1440, 288],
  ])('goes back %d minutes, in %d steps of five minutes', async (minutes, steps) => {
    const { series, stepSeconds, now } = await stats(`?minutes=${minutes}`);
    expect([stepSeconds, series?.calls.length, sum(series!.calls)]).toEqual([300, steps, 5]);
    const newestMs = Date.parse(series!.from) + (steps - 1) * 300_000;
    expect(Date.parse(now) - newestMs).toBeGreaterThanOrEqual(0);
    expect(Date.parse(now) - newestMs).toBeLessThan(300_000);
  });

  it('shows one function, called or not, and no other', async () => {
    const one = await stats('?function=mail');
    expect([sum(one.series!.calls), one.functions, one.server, one.attention]).toEqual([2, [], null, []]);
    const never = await stats('?function=failing');
    expect([sum(never.series!.calls), codes(never)]).toEqual([0, ['FUNCTION_FAILING failing']]);
    expect(never.series!.p99Ms.every((value) => value === null)).toBe(true);
  });

  it.each([
    ['?function=nobody', 404, 'FUNCTION_NOT_FOUND'],
    ['?function=..%2Fx', 400, 'INVALID_NAME'],
    ['?function=', 400, 'INVALID_NAME'],
  ])('refuses %s', async (query, status, code) => {
    expect(await ask(`/stats${query}`)).toMatchObject({ status, body: { code } });
  });

  it('tells what needs attention, errors first, and nothing that a function threw', async () => {
    const answer = await stats();
    expect(codes(answer)).toEqual(['ENGINE_DOWN ', 'FUNCTION_FAILING failing']);
    expect(JSON.stringify(answer)).not.toContain('secret of its author');
  });

  it('shows what the server is at this moment', async () => {
    expect((await stats()).server).toEqual({
      startedAt: expect.stringMatching(/^20\d\d-.*Z$/) as string,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      running: 0,
      waiting: 0,
      readyContainers: 0,
      prewarmedContainers: 0,
      memory: { containersMiB: 0, budgetMiB: expect.any(Number) as number },
      engine: { state: 'down' },
      disk: { freeBytes: expect.any(Number) as number, totalBytes: expect.any(Number) as number },
    });
  });

  it('shows a limited key its own functions, and nothing of the server', async () => {
    const { series, functions, server, attention } = await stats('', keys.shop);
    expect([series, server, attention, functions.map(({ name }) => name)]).toEqual([
      null,
      null,
      [],
      ['shop-cart'],
    ]);
    expect(sum((await stats('?function=shop-cart', keys.shop)).series!.calls)).toBe(3);
    expect(await ask('/stats?function=mail', keys.shop)).toMatchObject({ status: 403 });
  });

  it('shows a key for metrics alone the functions, as GET /metrics does, and nothing of the server', async () => {
    const { series, functions, server, attention } = await stats('', keys.metrics);
    expect([series, server, functions.length]).toEqual([null, null, 2]);
    expect(attention.every(({ function: name }) => name !== null)).toBe(true);
  });
});

describe('GET /server', () => {
  it('describes the server to an administrator, without a secret or a path of the machine', async () => {
    const { status, body } = await ask('/server');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      node: process.version,
      engine: { state: 'down', version: null },
      runtimes: [
        { name: 'nodejs22.x', state: 'unknown' },
        { name: 'nodejs24.x', image: 'glambdar-worker', state: 'unknown' },
        { name: 'nodejs26.x', state: 'unknown' },
      ],
    });
    const { settings, storage } = body as {
      settings: { name: string; value: unknown; source: string; confidential: boolean }[];
      storage: { what: string; bytes: number }[];
    };
    const setting = (name: string) => settings.find((one) => one.name === name);
    expect(setting('GLAMBDAR_READY_FREE_DISK_MIB')).toMatchObject({ value: 1, source: 'environment' });
    expect(setting('GLAMBDAR_SECRETS_KEY')).toMatchObject({ value: null, confidential: true });
    expect(storage.find(({ what }) => what === 'databases')?.bytes).toBeGreaterThan(0);
    const text = JSON.stringify({
      ...(body as object),
      settings: settings.filter((one) => one.name !== 'GLAMBDAR_DIR'),
    });
    for (const hidden of ['ab'.repeat(32), '/nonexistent', served.app.get(Installation).directory])
      expect(text).not.toContain(hidden);
  });

  it('is for administrators only', async () => {
    expect((await ask('/server', keys.metrics)).status).toBe(403);
    expect((await ask('/server', keys.shop)).status).toBe(403);
  });
});
