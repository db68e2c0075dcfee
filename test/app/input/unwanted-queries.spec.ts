import { malformed } from '../../support/input/refusals.js';
import { RefusingServer } from '../../support/input/refusing-server.js';

let server: RefusingServer;
beforeAll(async () => {
  server = await RefusingServer.start();
});
afterAll(() => server.close());

/** Routes from before queries were checked: what clients of then send must not break them. */
const ignoring = ['get /info', 'get /info/{name}', 'delete /del/{name}'];

/** Routes that need a key and take no query, with a path that leads to each. */
function routesWithoutQuery(): [route: string, path: string][] {
  const withQuery = server.routesWith('query');
  return Object.entries(server.document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, { security?: object[] }>)
      .filter(([, { security = [] }]) => security.length > 0)
      .map(([method]) => `${method} ${path}`)
      .filter((route) => ![...withQuery, ...ignoring].includes(route) && !route.includes(' /invoke/'))
      .map((route): [string, string] => [route, path.replaceAll(/\{\w+\}/g, 'hello')]),
  );
}

describe('the query of a route that takes none', () => {
  it('is refused by the name of its first field, and the route does nothing', async () => {
    const routes = routesWithoutQuery();
    expect(routes.map(([route]) => route)).toEqual(
      expect.arrayContaining(['get /settings/{name}', 'get /keys', 'delete /events/{id}', 'get /server']),
    );
    const detail = 'There is no field "verbose"; leave it out.';
    for (const [route, path] of routes) {
      expect([route, await server.refusalOf(route, `${path}?verbose=1&x=2`)]).toEqual([
        route,
        malformed('verbose', detail),
      ]);
    }
    expect(server.functions()).toMatchObject([{ name: 'hello', revision: 1 }]);
  });

  it.each([
    ['GET', '/info'],
    ['GET', '/info/hello'],
    ['DELETE', '/del/nothing'],
  ])('may be anything where it always could: %s %s', async (method, path) => {
    const ask = async (query: string) => {
      const headers = { 'X-Glambdar-Key': server.key };
      const response = await fetch(`${server.url}${path}${query}`, { method, headers });
      return { status: response.status, body: await response.text() };
    };
    expect(await ask('?verbose=1&_=1769860000&__proto__[x]=1')).toEqual(await ask(''));
  });

  it('says nothing of the route to somebody without a key', async () => {
    expect((await fetch(`${server.url}/settings/hello?verbose=1`)).status).toBe(401);
  });

  it.each(['/health/live', '/', '/docs', '/openapi.json'])(
    'may be anything for everybody: %s',
    async (path) => {
      expect((await fetch(`${server.url}${path}?from=mail`)).status).not.toBe(400);
    },
  );
});
