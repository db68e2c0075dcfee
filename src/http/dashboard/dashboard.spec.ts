import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { startHttpApp, type HttpApp } from '../../../test/support/http-app.js';
import { DashboardFiles } from './dashboard-files.js';

const page = '<!doctype html><title>Glambdar</title><script src="/ui/assets/index-0a1b2c3d.js"></script>';
const script = `console.log(${JSON.stringify('x'.repeat(5000))});`;

let directory: string;
let built: string;
let served: HttpApp;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glambdar-ui-'));
  built = join(directory, 'ui');
  await mkdir(join(built, 'assets'), { recursive: true });
  await writeFile(join(directory, 'secret.txt'), 'secret');
  await writeFile(join(built, 'index.html'), page);
  await writeFile(join(built, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(built, 'assets', 'index-0a1b2c3d.js'), script);
  await writeFile(join(built, 'assets', 'font.woff2'), Buffer.alloc(5000));
});
afterAll(() => rm(directory, { recursive: true }));
beforeEach(async () => {
  served = await startHttpApp([]);
  Object.assign(served.app.get(DashboardFiles), { built });
});
afterEach(() => served.close());

interface Answer {
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly body: Buffer;
}

/** As `fetch` would not: with the path as it is written, and nothing decoded. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ port: served.port, host: '127.0.0.1', path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
      });
    })
      .on('error', reject)
      .end();
  });
}

const asset = '/ui/assets/index-0a1b2c3d.js';

describe('the page of the dashboard', () => {
  it.each([
    '/ui',
    '/ui/',
    '/ui?x=1',
    '/ui/functions',
    '/ui/functions/hello/log',
    '/ui/system/keys',
    '/ui/index.html',
  ])('is at %s, whichever of its views that is', async (path) => {
    const { status, headers, body } = await ask(path);
    expect([status, body.toString(), headers['content-type']]).toEqual([
      200,
      page,
      'text/html; charset=utf-8',
    ]);
  });

  it('is asked for anew each time, because it names the files of one build', async () => {
    expect((await ask('/ui')).headers['cache-control']).toBe('no-cache');
  });

  it('runs nothing but its own files, in no frame, with no window of another site beside it', async () => {
    const { headers } = await ask('/ui/functions');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });
});

describe('a file of the dashboard', () => {
  it('may be kept for ever, because another content has another name', async () => {
    const { status, headers, body } = await ask(asset);
    expect([status, body.toString()]).toEqual([200, script]);
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
    });
  });

  it('may not, where its name says nothing of its content', async () => {
    const { headers } = await ask('/ui/icon.svg');
    expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'image/svg+xml' });
  });

  it.each([
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['br;q=0, gzip', 'gzip', gunzipSync],
    ['*', 'br', brotliDecompressSync],
  ] as const)('is compressed as its reader takes it: %s', async (accepted, coding, decompress) => {
    const { headers, body } = await ask(asset, { 'accept-encoding': accepted });
    expect(headers).toMatchObject({ 'content-encoding': coding, vary: 'Accept-Encoding' });
    expect(body.length).toBeLessThan(script.length / 10);
    expect(decompress(body).toString()).toBe(script);
  });

  it.each(['', 'identity', 'deflate', 'br;q=0, gzip;q=0'])(
    'is sent as it is to a reader of no compression: %j',
    async (accepted) => {
      const { headers, body } = await ask(asset, { 'accept-encoding': accepted });
      expect([headers['content-encoding'], body.toString()]).toEqual([undefined, script]);
      expect(headers['vary']).toBe('Accept-Encoding');
    },
  );

  it('is not compressed again', async () => {
    const { headers } = await ask('/ui/assets/font.woff2', { 'accept-encoding': 'br' });
    expect(headers['content-encoding']).toBeUndefined();
  });

  it.each(['/ui', asset])('is not sent again to who has it: %s', async (path) => {
    const accepting = { 'accept-encoding': 'gzip' };
    const { headers } = await ask(path, accepting);
    const again = { ...accepting, 'if-none-match': String(headers['etag']) };
    const { status, body } = await ask(path, again);
    expect([status, body.length]).toEqual([304, 0]);
    expect((await ask(path, { ...again, 'if-none-match': '"another"' })).status).toBe(200);
  });

  it('has another tag for each compression', async () => {
    const tags = await Promise.all(
      ['br', 'gzip', 'identity'].map(
        async (accepted) => (await ask(asset, { 'accept-encoding': accepted })).headers['etag'],
      ),
    );
    expect(new Set(tags).size).toBe(3);
  });

  it.each([
    '/ui/assets/none.js',
    '/ui/secret.txt',
    '/ui/../secret.txt',
    '/ui/assets/../../secret.txt',
    '/ui/%2e%2e/secret.txt',
    '/ui/..%2fsecret.txt',
    '/ui/assets%2f..%2f..%2fsecret.txt',
    '/ui//etc/secret.txt',
    '/ui/..%5csecret.txt',
    '/ui/secret.txt%00.js',
    '/ui/assets/__proto__.js',
  ])('is none that the build has not made: %s', async (path) => {
    const { status, body } = await ask(path);
    expect([status, JSON.parse(body.toString())]).toMatchObject([404, { code: 'ROUTE_NOT_FOUND' }]);
    expect(body.toString()).not.toContain('"secret"');
  });
});

describe.each(['/ui', '/ui/functions', asset])('%s', (path) => {
  it('answers HEAD without a body, and other methods with 405', async () => {
    const head = await ask(path, {}, 'HEAD');
    expect([head.status, head.body.length]).toEqual([200, 0]);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const answer = await ask(path, {}, method);
      expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD']);
    }
  });
});

describe('a build that is not there, or not there any more,', () => {
  it('has words that say what to do, and its page once it is there', async () => {
    Object.assign(served.app.get(DashboardFiles), { built: join(directory, 'later') });
    const { status, body } = await ask('/ui');
    expect([status, JSON.parse(body.toString())]).toMatchObject([
      404,
      { detail: expect.stringContaining('npm run build') as string },
    ]);
    await mkdir(join(directory, 'later'));
    await writeFile(join(directory, 'later', 'index.html'), page);
    expect((await ask('/ui')).status).toBe(200);
  });

  it('makes way for the next one under a running server', async () => {
    const next = join(directory, 'next');
    await mkdir(next);
    await writeFile(join(next, 'a.js'), 'a');
    await writeFile(join(next, 'index.html'), 'old');
    Object.assign(served.app.get(DashboardFiles), { built: next });
    expect((await ask('/ui')).body.toString()).toBe('old');
    await rm(join(next, 'a.js'));
    await writeFile(join(next, 'index.html'), 'new');
    expect((await ask('/ui/a.js')).status).toBe(404);
    expect((await ask('/ui')).body.toString()).toBe('new');
  });
});
