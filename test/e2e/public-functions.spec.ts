import { jest } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { TestBrowser } from '../support/browser.js';
import { firstKeyOf } from '../support/first-key.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

/** Says what it sees of its caller, and names pages of its own, in vain. */
const mirror = `exports.handler = ({ requestContext, headers, body, cookies, rawPath }) => {
  if (rawPath === '/throw') throw new Error('as asked');
  return {
    statusCode: 200,
    headers: { 'access-control-allow-origin': 'https://evil.example', 'access-control-expose-headers': '*', 'x-total': '7', 'x-other': '8', 'set-cookie': 'visit=1; Path=/' },
    body: { method: requestContext.http.method, a: headers['x-a'] ?? null, authorization: headers.authorization ?? null, body, cookies: cookies ?? [] },
  };
};`;

const secret = 'of the webhook';

/** Checks who sent a request as GitHub and Stripe say: over the body as it was sent. */
const webhook = `const { createHmac, timingSafeEqual } = require('node:crypto');
const isSigned = (text, body, shown = '') => {
  const right = createHmac('sha256', '${secret}').update(text).update(body).digest('hex');
  return right.length === shown.length && timingSafeEqual(Buffer.from(right), Buffer.from(shown));
};
exports.handler = ({ headers, body, isBase64Encoded }) => {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  const github = headers['x-hub-signature-256'];
  if (github) return { statusCode: isSigned('', bytes, github.slice('sha256='.length)) ? 204 : 403 };
  const [, time, v1] = /^t=(\\d+),v1=(\\w+)$/.exec(headers['stripe-signature'] ?? '') ?? [];
  return { statusCode: isSigned(time + '.', bytes, v1) ? 204 : 403 };
};`;

let pages: Server;
let served: Served;
let browser: TestBrowser;
/** Two origins, of which one may call. */
let app: string;
let stranger: string;

beforeAll(async () => {
  pages = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html>'),
  ).listen(0, '127.0.0.1');
  await once(pages, 'listening');
  const { port } = pages.address() as AddressInfo;
  [app, stranger] = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
  [served, browser] = await Promise.all([
    Served.start({ GLAMBDAR_FAILED_AUTHENTICATIONS_PER_MINUTE: '1000' }),
    TestBrowser.start(),
  ]);
  const cors = {
    origins: [app],
    methods: ['GET', 'PUT'],
    headers: ['x-a', 'authorization'],
    exposedHeaders: ['x-total'],
    credentials: true,
  };
  await served.deploy('open', mirror, { access: 'public', cors, isolation: 'warm' });
  await served.deploy('anybodys', mirror, { access: 'public', cors: { origins: ['*'] }, isolation: 'warm' });
  await served.deploy('webhook', webhook, { access: 'public', isolation: 'warm' });
  await served.deploy('closed', mirror, { cors, isolation: 'warm' });
  await firstKeyOf(served);
}, patientlyMs);

afterAll(async () => {
  await browser.close();
  pages.close();
  await served.expectCleanEnd();
}, patientlyMs);

/** A page of this origin, in a window of its own. */
async function pageOf(origin: string): Promise<Page> {
  const { page } = await browser.visit(origin);
  await page.goto('/');
  return page;
}

/** What a script of the page learns of a call; `null` where the browser tells it nothing. */
async function fetched(page: Page, path: string, init: object = {}): Promise<unknown> {
  return page.evaluate(
    `fetch(${JSON.stringify(served.url + path)}, ${JSON.stringify(init)}).then(
      async (answer) => ({ status: answer.status, total: answer.headers.get('x-total'), other: answer.headers.get('x-other'), body: await answer.json() }),
      () => null,
    )`,
  );
}

const seen = { method: 'GET', a: null, authorization: null, cookies: [] };

describe('a page of another origin that a public function names', () => {
  let page: Page;
  beforeAll(async () => {
    page = await pageOf(app);
  });

  it('calls it, and reads the headers that it may', async () => {
    const answer = await fetched(page, '/invoke/open/any/path?q=1');
    expect(answer).toMatchObject({ status: 200, total: '7', other: null, body: seen });
  });

  it('calls it with what a browser asks about first', async () => {
    const init = {
      method: 'PUT',
      headers: { 'x-a': '1', authorization: 'Bearer of the page' },
      body: 'text',
    };
    expect(await fetched(page, '/invoke/open', init)).toMatchObject({
      status: 200,
      body: { method: 'PUT', a: '1', authorization: 'Bearer of the page', body: 'text' },
    });
    for (const refused of [{ method: 'DELETE' }, { headers: { 'x-b': '1' } }])
      expect(await fetched(page, '/invoke/open', refused)).toBeNull();
  });

  it('calls it with cookies, which the browser keeps for it', async () => {
    await fetched(page, '/invoke/open', { credentials: 'include' });
    expect(await fetched(page, '/invoke/open', { credentials: 'include' })).toMatchObject({
      status: 200,
      body: { cookies: ['visit=1'] },
    });
    expect(await fetched(page, '/invoke/anybodys', { credentials: 'include' })).toBeNull();
  });

  it('reads of errors what others read', async () => {
    expect(await fetched(page, '/invoke/open/throw')).toMatchObject({
      status: 502,
      body: { code: 'FUNCTION_ERROR' },
    });
    expect(await fetched(page, '/invoke/closed')).toMatchObject({
      status: 401,
      body: { code: 'UNAUTHENTICATED' },
    });
  });

  it('reads nothing else of the server, whose every other route asks for a key', async () => {
    for (const path of ['/info', '/settings/open', '/logs/open', '/invoke/nobody']) {
      expect([path, await fetched(page, path)]).toEqual([path, null]);
      expect([path, (await served.get(path)).status]).toEqual([path, 401]);
    }
    expect((await served.send('DELETE', '/del/open')).status).toBe(401);
    expect((await served.get('/invoke/open')).status).toBe(200);
  });
});

describe('a page of an origin that it does not name', () => {
  it('reads nothing of it, and all of one that names any page', async () => {
    const page = await pageOf(stranger);
    expect(await fetched(page, '/invoke/open')).toBeNull();
    expect(await fetched(page, '/invoke/open', { method: 'PUT' })).toBeNull();
    expect(await fetched(page, '/invoke/anybodys')).toMatchObject({ status: 200, total: null, body: seen });
    expect(await fetched(page, '/invoke/anybodys', { method: 'PUT', headers: { 'x-a': '2' } })).toMatchObject(
      {
        body: { method: 'PUT', a: '2' },
      },
    );
  });
});

describe('a webhook whose sender signs what it sends', () => {
  const signed = (text: string, body: Buffer) =>
    createHmac('sha256', secret).update(text).update(body).digest('hex');
  const call = async (body: Buffer, headers: Record<string, string>) =>
    (await served.send('POST', '/invoke/webhook', { body: new Uint8Array(body), headers })).status;

  it.each([
    ['JSON with odd spaces', Buffer.from('{ "a" :1.0,\r\n"b":"\\u00fc\u00fc" }\n')],
    ['a byte order mark', Buffer.from('\ufeff{}')],
    ['bytes that are no text', Buffer.from([0xff, 0x00, 0xfe, 0x0d, 0x0a])],
    ['nothing', Buffer.alloc(0)],
  ])('is known by it, byte for byte: %s', async (_, body) => {
    const type = { 'content-type': 'application/json' };
    const github = (hmac: string) => ({ ...type, 'x-hub-signature-256': `sha256=${hmac}` });
    expect(await call(body, github(signed('', body)))).toBe(204);
    const stripe = (hmac: string) => ({ ...type, 'stripe-signature': `t=1700000000,v1=${hmac}` });
    expect(await call(body, stripe(signed('1700000000.', body)))).toBe(204);
    expect(await call(Buffer.concat([body, Buffer.from(' ')]), github(signed('', body)))).toBe(403);
  });
});
