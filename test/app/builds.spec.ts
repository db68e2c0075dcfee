import { BuildJournal } from '../../src/builds/build-journal.js';
import { KeyService } from '../../src/auth/keys/key.service.js';
import { startApp, type ListeningApp } from '../support/app.js';
import { eventsFrom } from '../support/event-stream.js';

const owner = { actor: 'local', requestId: null, address: null };
const idOf = (last: number) => `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`;
const succeeded = { state: 'succeeded', cached: false, failure: null } as const;

let served: ListeningApp;
let journal: BuildJournal;
let admin: string;
let shop: string;
let reader: string;
let counter = 0;
beforeAll(async () => {
  served = await startApp({
    GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock',
    GLAMBDAR_MANAGEMENT_PER_SECOND: '0',
  });
  journal = served.app.get(BuildJournal);
  admin = (await makeKey(['admin'], null)).text;
  shop = (await makeKey(['functions:deploy'], ['shop-*'])).text;
  reader = (await makeKey(['logs:read'], null)).text;
});
afterAll(() => served.close());

function makeKey(
  scopes: ('admin' | 'functions:deploy' | 'logs:read')[],
  functions: readonly string[] | null,
) {
  return served.app.get(KeyService).create({ name: 'test', scopes, functions, expiresAt: null }, owner);
}

function begin(functionName = 'hello'): string {
  counter += 1;
  const id = idOf(counter);
  expect(journal.open({ id, functionName })).toBe(true);
  return id;
}

async function ask(path: string, key = admin) {
  const response = await fetch(served.url + path, { headers: { 'X-Glambdar-Key': key } });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as Record<string, unknown> };
}

const follow = (id: string, headers: Readonly<Record<string, string>> = {}, key = admin) =>
  eventsFrom(`${served.url}/builds/${id}?follow=true`, { 'X-Glambdar-Key': key, ...headers });

describe('a build', () => {
  it('is shown with its steps and its log', async () => {
    const id = begin();
    await expect(ask(`/builds/${id}`)).resolves.toMatchObject({
      body: { id, state: 'waiting', endedAt: null, log: [] },
    });
    journal.step(id, 'install');
    journal.line(id, 'stderr', 'npm warn \u001b[31mred');
    const failure = { step: 'install', message: 'No such package.' } as const;
    journal.end(id, { state: 'failed', cached: false, failure });
    const { body, text } = await ask(`/builds/${id.toUpperCase()}`);
    expect(body).toMatchObject({
      function: 'hello',
      state: 'failed',
      failure,
      steps: [{ step: 'install' }],
      log: [{ stream: 'stderr', text: 'npm warn \u001b[31mred' }],
      truncated: false,
    });
    expect(text).not.toMatch(/\u001b/);
  });

  it.each(['no-id', idOf(999_999), '%00'])('that is not there is a 404: %s', async (id) => {
    await expect(ask(`/builds/${id}`)).resolves.toMatchObject({
      status: 404,
      body: { code: 'BUILD_NOT_FOUND' },
    });
    await expect(ask(`/builds/${id}?follow=true`)).resolves.toMatchObject({ status: 404 });
  });

  it('is listed, the newest first, also of a function that does not exist', async () => {
    const ids = [begin('listed'), begin('listed'), begin('listed')];
    const { body } = await ask('/builds?function=listed&limit=2');
    expect((body['builds'] as { id: string }[]).map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    await expect(ask('/builds?function=none')).resolves.toMatchObject({ status: 200, body: { builds: [] } });
  });

  it.each([
    '/builds?function=..',
    '/builds?limit=0',
    '/builds?limit=101',
    '/builds?other=1',
    `/builds/${idOf(1)}?follow=maybe`,
  ])('is asked for correctly: %s', async (path) => {
    await expect(ask(path)).resolves.toMatchObject({ status: 400 });
  });
});

describe('a limited key', () => {
  it('sees the builds of its functions only', async () => {
    const [own, foreign] = [begin('shop-cart'), begin('mail')];
    await expect(ask(`/builds/${own}`, shop)).resolves.toMatchObject({ status: 200 });
    const hidden = await ask(`/builds/${foreign}`, shop);
    const missing = await ask(`/builds/${idOf(999_999)}`, shop);
    expect([hidden.status, hidden.body['detail']]).toEqual([404, missing.body['detail']]);
    await expect(ask(`/builds/${foreign}?follow=true`, shop)).resolves.toMatchObject({ status: 404 });
    const { body } = await ask('/builds', shop);
    expect(new Set((body['builds'] as { function: string }[]).map((build) => build.function))).toEqual(
      new Set(['shop-cart']),
    );
    await expect(ask('/builds?function=mail', shop)).resolves.toMatchObject({ status: 403 });
  });

  it('needs the scope to deploy', async () => {
    await expect(ask('/builds', reader)).resolves.toMatchObject({ status: 403 });
  });
});

describe('a build that is followed', () => {
  it('comes as it goes, to everybody who follows, and ends with it', async () => {
    const id = begin();
    journal.line(id, 'stdout', 'before');
    const followers = [await follow(id), await follow(id)];
    journal.step(id, 'install');
    journal.line(id, 'stdout', 'while');
    for (const events of followers) {
      const [first, ...rest] = [await events.next(), await events.next(), await events.next()];
      expect([first, ...rest].map(({ event }) => event).sort()).toEqual(['line', 'line', 'step']);
    }
    journal.end(id, succeeded);
    for (const events of followers) {
      await expect(events.next()).resolves.toMatchObject({
        event: 'end',
        data: { id, state: 'succeeded', steps: [{ step: 'install' }], reason: 'ended' },
      });
      await expect(events.ended).resolves.toBeUndefined();
    }
  });

  it('comes at once where it has ended, without what the client has seen', async () => {
    const id = begin();
    for (const text of ['one', 'two', 'a line\nand\r\nanother']) journal.line(id, 'stdout', text);
    journal.end(id, succeeded);
    const events = await follow(id, { 'Last-Event-ID': '1' });
    await expect(events.next()).resolves.toMatchObject({ event: 'line', id: '2', data: { text: 'two' } });
    await expect(events.next()).resolves.toMatchObject({ id: '3', data: { text: 'a line\nand\r\nanother' } });
    await expect(events.next()).resolves.toMatchObject({ event: 'end' });
  });

  it('is skipped where nothing needed it', async () => {
    const id = begin();
    const events = await follow(id);
    journal.discard(id);
    await expect(events.next()).resolves.toMatchObject({ event: 'end', data: { state: 'skipped' } });
    await expect(ask(`/builds/${id}`)).resolves.toMatchObject({ status: 404 });
  });

  it('ends when the key does', async () => {
    const { key, text } = await makeKey(['functions:deploy'], null);
    const id = begin();
    const events = await follow(id, {}, text);
    await served.app.get(KeyService).revoke(key.id, owner);
    await expect(events.next()).resolves.toMatchObject({
      event: 'end',
      data: { reason: 'revoked', state: 'waiting' },
    });
  });

  it.each(['twelve', '-1'])('refuses a Last-Event-ID that is none: %s', async (lastEventId) => {
    const headers = { 'X-Glambdar-Key': admin, 'Last-Event-ID': lastEventId };
    const response = await fetch(`${served.url}/builds/${begin()}?follow=true`, { headers });
    expect(response.status).toBe(400);
  });
});

describe('a server that stops', () => {
  it('ends who follows, and the next one knows that the build failed with it', async () => {
    const first = await startApp({ GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock' });
    const id = idOf(1);
    first.app.get(BuildJournal).open({ id, functionName: 'hello' });
    const events = await eventsFrom(`${first.url}/builds/${id}?follow=true`, {});
    const stopped = first.stop();
    await expect(events.next()).resolves.toMatchObject({ event: 'end', data: { reason: 'shutdown' } });
    await stopped;
    const { Installation } = await import('../../src/common/installation/installation.js');
    const { directory } = first.app.get(Installation);
    const second = await startApp({
      GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock',
      GLAMBDAR_DIR: directory,
    });
    const response = await fetch(`${second.url}/builds/${id}`);
    await expect(response.json()).resolves.toMatchObject({ state: 'failed', failure: { step: 'queue' } });
    await second.close();
    await first.close();
  });
});
