import { startHttpApp, type HttpApp } from '../../test/support/http-app.js';

let served: HttpApp;
beforeAll(async () => {
  served = await startHttpApp([]);
});
afterAll(() => served.close());

const ask = (init: RequestInit = {}) => fetch(`${served.url}/`, init);
const accepting = (accept: string) => ask({ headers: { Accept: accept } });

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('GET /', () => {
  it.each(['*/*', 'application/json', 'text/plain', 'application/json, text/html;q=0.5'])(
    'tells a program what this is and where to read on: Accept: %s',
    async (accept) => {
      const answer = await accepting(accept);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        200,
        'application/json; charset=utf-8',
      ]);
      await expect(answer.json()).resolves.toMatchObject({
        name: 'glambdar',
        dashboard: '/ui',
        docs: '/docs',
        openapi: '/openapi.json',
      });
    },
  );

  it.each([browser, 'text/html', 'text/*'])('is a page for a browser: Accept: %s', async (accept) => {
    const answer = await accepting(accept);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const page = await answer.text();
    for (const link of ['ui', 'docs', 'openapi.json']) expect(page).toContain(`<a href="${link}">`);
  });

  it('may be kept by a cache for each of them apart', async () => {
    expect((await ask()).headers.get('vary')).toContain('Accept');
  });

  it('answers HEAD without a body, and other methods with 405', async () => {
    const head = await ask({ method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const answer = await ask({ method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
  });
});
