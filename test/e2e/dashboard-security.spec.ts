import { jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { signIn, TestBrowser, type Visit } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { patientlyMs, Served } from '../support/served.js';
import { zipOf } from '../support/zip.js';

jest.setTimeout(patientlyMs);

const project = fileURLToPath(new URL('../../', import.meta.url));

/** Answers what its caller asks for, and another thing to who has kept an answer. Without that, what it sees of its caller. */
const parrot = `exports.handler = async (req) => {
  const { a: first, b: later } = req.queryStringParameters ?? {};
  const a = req.headers['if-none-match'] && later ? later : first;
  if (!a) return { statusCode: 200, body: { headers: req.headers, cookies: req.cookies ?? null } };
  return { statusCode: 200, ...JSON.parse(Buffer.from(a, 'base64url')) };
};`;

/**
 * What a hostile page tries in its visitor's browser; it tells in the page's `tried` how far each attempt came. Some can
 * only be seen by what they have changed: the canary is a function `canary`, or one more key.
 */
const attack = `globalThis.tried = (async () => {
  const zip = new Blob([Uint8Array.from(atob(CANARY), (c) => c.charCodeAt(0))]);
  const form = () => { const form = new FormData(); form.set('file', zip, 'canary.zip'); return form; };
  const json = { 'content-type': 'application/json' };
  const key = JSON.stringify({ name: 'canary', scopes: ['admin'] });
  const attempts = {
    origin: () => { if (self.origin !== 'null') throw new Error(self.origin); throw null; },
    readSession: async () => (await fetch('/session')).json(),
    readFunctions: async () => (await fetch('/info', { credentials: 'include' })).json(),
    deploy: async () => (await fetch('/deploy', { method: 'POST', body: form() })).json(),
    deployBlind: async () => { await fetch('/deploy', { method: 'POST', mode: 'no-cors', body: form() }); throw null; },
    beacon: () => { navigator.sendBeacon('/deploy', form()); throw null; },
    createKey: async () => (await fetch('/keys', { method: 'POST', headers: json, body: key })).json(),
    cookies: () => document.cookie,
    storage: () => localStorage.length,
    worker: () => navigator.serviceWorker.register('/invoke/evil/worker.js'),
    frame: () => { if (document.contentType !== 'text/html') throw null; const frame = document.createElement('iframe'); frame.src = '/ui'; document.documentElement.append(frame);
      return new Promise((resolve, reject) => { frame.onload = () => { try { resolve(frame.contentWindow.document.title); } catch { reject(null); } }; }); },
    popup: () => open('/ui').document.title,
  };
  const came = [];
  for (const [name, attempt] of Object.entries(attempts)) {
    try { came.push(name + ': ' + JSON.stringify(await attempt())); } catch {}
  }
  return came;
})();`;

let served: Served;
let browser: TestBrowser;
let script: string;
beforeAll(async () => {
  [served, browser] = await Promise.all([Served.start(), TestBrowser.start()]);
  await served.deploy('evil', parrot, { isolation: 'warm' });
  const canary = zipOf({ 'index.js': 'exports.handler = () => 1' });
  script = attack.replace('CANARY', `'${canary.toString('base64')}'`);
}, patientlyMs);
afterAll(async () => {
  await browser.close();
  await served.expectCleanEnd();
}, patientlyMs);

interface Reply {
  readonly statusCode?: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

/** Where the hostile function answers so. */
const urlOf = (reply: Reply) => `/invoke/evil?a=${Buffer.from(JSON.stringify(reply)).toString('base64url')}`;

const html = () => `<!doctype html><script>${script}</script>`;
const escaped = () => script.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const xhtml = () => `<html xmlns="http://www.w3.org/1999/xhtml"><script>${escaped()}</script></html>`;
const svg = () => `<svg xmlns="http://www.w3.org/2000/svg"><script>${escaped()}</script></svg>`;

/** How far the attempts of a page came; undefined if no script of it ran. */
async function triedAt(page: Page, reply: Reply): Promise<unknown> {
  // What a browser does not show it downloads instead, and stays where it is.
  await page.goto('about:blank');
  await page.goto(urlOf(reply)).catch((error: unknown) => {
    if (!String(error).includes('Download is starting')) throw error;
  });
  return page.evaluate('globalThis.tried');
}

const namesOf = (json: unknown) =>
  (json as { functions: { name: string }[] }).functions.map(({ name }) => name);

describe('a server without keys', () => {
  it('opens its dashboard on its own machine without a fault', async () => {
    const { page, problems } = await browser.visit(served.url);
    await page.goto('/ui');
    await page.getByRole('heading').first().waitFor();
    await page.reload();
    expect(problems).toEqual([]);
  });

  it('is closed to the page of a hostile function', async () => {
    const { page } = await browser.visit(served.url);
    expect(await triedAt(page, { headers: { 'content-type': 'text/html' }, body: html() })).toEqual([]);
    expect(namesOf((await served.get('/info')).json)).toEqual(['evil']);
  });
});

describe('a server with a key', () => {
  let key: string;
  let visit: Visit;
  beforeAll(async () => {
    key = await createKey('me');
    await eventually('the server knows the key', async () => (await served.get('/info')).status === 401);
    visit = await browser.visit(served.url);
    await signIn(visit, key);
  }, patientlyMs);

  async function createKey(name: string): Promise<string> {
    const env = { ...process.env, GLAMBDAR_DIR: served.directory, NODE_OPTIONS: '' };
    const words = ['scripts/keys.mjs', 'create', '--name', name, '--scopes', 'admin'];
    return (await promisify(execFile)(process.execPath, words, { cwd: project, env })).stdout.trim();
  }

  const asAdmin = async (method: string, path: string) =>
    served.send(method, path, { headers: { authorization: `Bearer ${key}` } });

  const replies: readonly (readonly [string, Reply['headers'], () => string])[] = [
    ['HTML', { 'content-type': 'text/html' }, html],
    [
      'HTML under a policy of its own',
      { 'content-type': 'text/html', 'content-security-policy': 'sandbox allow-scripts allow-same-origin' },
      html,
    ],
    ['XHTML', { 'content-type': 'application/xhtml+xml' }, xhtml],
    ['XML', { 'content-type': 'application/xml' }, xhtml],
    ['an XSL style sheet', { 'content-type': 'text/xsl' }, xhtml],
    ['SVG', { 'content-type': 'image/svg+xml' }, svg],
    ['the second of two types', { 'content-type': ['application/json', 'text/html'] }, html],
    ['the second of two types in one line', { 'content-type': 'application/json, text/html' }, html],
    [
      'an unknown type that may be guessed',
      { 'content-type': 'unknown/unknown', 'x-content-type-options': 'none' },
      html,
    ],
    ['no type that may be guessed', { 'content-type': '', 'x-content-type-options': 'none' }, html],
    [
      'JSON that may be guessed',
      { 'content-type': 'application/json', 'x-content-type-options': 'none' },
      html,
    ],
    [
      'parts of other types',
      { 'content-type': 'multipart/x-mixed-replace; boundary=a' },
      () => `--a\r\nContent-Type: text/html\r\n\r\n${html()}\r\n--a--\r\n`,
    ],
  ];

  it.each(replies)(
    'lets no page of a hostile function act for who is signed in: %s',
    async (_, headers, body) => {
      const page = await visit.context.newPage();
      expect((await triedAt(page, { headers, body: body() })) ?? []).toEqual([]);
      await page.close();
      expect(namesOf((await asAdmin('GET', '/info')).json)).toEqual(['evil']);
      expect((await asAdmin('GET', '/keys')).json).toMatchObject({ count: 1 });
    },
  );

  it('lets no page that the browser has kept act either, whatever a later answer says of it', async () => {
    const kept = {
      headers: { 'content-type': 'text/html', etag: '"1"', 'cache-control': 'no-cache' },
      body: html(),
    };
    const headers = {
      etag: '"1"',
      'content-type': 'application/json',
      'content-security-policy': 'img-src *',
    };
    const later = Buffer.from(JSON.stringify({ statusCode: 304, headers })).toString('base64url');
    const page = await visit.context.newPage();
    const statuses: number[] = [];
    page.on('response', (response) => statuses.push(response.status()));
    for (let visits = 0; visits < 3; visits += 1) {
      await page.goto('about:blank');
      await page.goto(`${urlOf(kept)}&b=${later}`);
      expect(await page.evaluate('globalThis.tried')).toEqual([]);
    }
    await page.close();
    expect(namesOf((await asAdmin('GET', '/info')).json)).toEqual(['evil']);
  });

  it('runs those pages at all, or the tests above would prove nothing', async () => {
    const page = await visit.context.newPage();
    await page.goto(urlOf({ headers: { 'content-type': 'text/html' }, body: html() }));
    expect(await page.evaluate('globalThis.tried')).toBeDefined();
    expect(await page.evaluate('self.origin')).toBe('null');
  });

  it('keeps the session, whatever cookies a function sets and whatever it wants to be forgotten', async () => {
    const { page, context } = visit;
    const [session] = await context.cookies();
    const headers = {
      'content-type': 'text/html',
      'set-cookie': [
        'own=1; Path=/',
        `${session?.name}=x; Path=/`,
        `=${session?.name}=x; Path=/`,
        `${session?.name}=x; Path=/ui`,
      ],
      'clear-site-data': '"cookies"',
    };
    await page.goto(urlOf({ headers, body: 'set' }));
    expect((await context.cookies()).map(({ name }) => name).sort()).toEqual([session?.name, 'own'].sort());
    expect(await (await context.request.get('/session')).json()).toMatchObject({ signedIn: true });
  });

  it('shows a function neither the session nor the token of its pages', async () => {
    const { context } = visit;
    const { csrfToken } = (await (await context.request.get('/session')).json()) as { csrfToken: string };
    const answer = await context.request.post('/invoke/evil', { headers: { 'x-glambdar-csrf': csrfToken } });
    expect(answer.status()).toBe(200);
    const seen = await answer.text();
    expect(JSON.parse(seen)).toMatchObject({ headers: { cookie: 'own=1' }, cookies: ['own=1'] });
    for (const secret of ['gls_', 'glambdar_session', csrfToken]) expect(seen).not.toContain(secret);
  });

  it('tries routes in its documentation with the session, changes included', async () => {
    const page = await visit.context.newPage();
    await page.goto('/docs#/functions/deleteFunction');
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByPlaceholder('name').fill('none-such');
    const answered = page.waitForResponse((response) => response.request().method() === 'DELETE');
    await page.getByRole('button', { name: 'Execute' }).click();
    expect((await answered).status()).toBe(404);
    await page.close();
  });

  it('has its dashboard sign people in and out, and says so when the key is wrong or revoked', async () => {
    const other = await createKey('other');
    const { page, context, problems } = await browser.visit(served.url);
    await page.goto('/ui/functions');
    await page.getByLabel('Key').fill(`glb_0123456789ab_${'x'.repeat(43)}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The key is not valid').waitFor();
    expect(await context.cookies()).toEqual([]);

    await page.getByLabel('Key').fill(other);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Key').waitFor();
    expect(await context.cookies()).toEqual([]);

    await page.getByLabel('Key').fill(other);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    const [, id = ''] = other.split('_');
    expect((await asAdmin('DELETE', `/keys/${id}`)).status).toBe(204);
    await page.getByText('Your session has ended.').waitFor();
    expect(await context.cookies()).toEqual([]);
    expect(problems).toEqual([]);
  });
});

describe('the dashboard', () => {
  it('has 200 kB at most, compressed', () => {
    const files = readdirSync(`${project}/dist/ui`, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile(),
    );
    const sizes = files.map(({ parentPath, name }) => gzipSync(readFileSync(`${parentPath}/${name}`)).length);
    expect(files.length).toBeGreaterThan(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(200_000);
  });
});
