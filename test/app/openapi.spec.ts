import type { Application } from 'express';
import type { OpenAPIObject } from '@nestjs/swagger';
import { errorCodes, type ErrorCode } from '../../src/common/errors/error-codes.js';
import { exampleOf } from '../../src/http/openapi/openapi-examples.js';
import { openApiDocument } from '../../src/http/openapi/openapi.js';
import { problemCatalogue } from '../../src/http/problem-catalogue.js';
import { startApp, type ListeningApp } from '../support/app.js';

interface DocumentedResponse {
  readonly content?: Record<
    string,
    {
      schema?: { allOf?: { properties?: { code?: { enum?: ErrorCode[] } } }[] };
      example?: unknown;
      examples?: Record<string, { value: Record<string, unknown> }>;
    }
  >;
}

interface Operation {
  readonly operationId?: string;
  readonly security?: Record<string, string[]>[];
  readonly responses: Record<string, DocumentedResponse>;
}

interface Route {
  readonly path: string;
  readonly methods: Record<string, boolean>;
}

let served: ListeningApp;
let document: OpenAPIObject;
beforeAll(async () => {
  // No engine is needed to document the server.
  served = await startApp({ GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock' });
  document = openApiDocument(served.app);
});
afterAll(() => served.close());

/** Every route that the server really has, but for the files of its pages. */
function routes(): string[] {
  const { router } = served.app.getHttpAdapter().getInstance() as Application;
  const layers = router.stack as unknown as readonly { route?: Route }[];
  return layers
    .flatMap(({ route }) =>
      route ? documentableMethods(route).map((method) => `${method} ${route.path}`) : [],
    )
    .map((route) => route.replace(/[:*](\w+)/g, '{$1}').replace(/([^ ])\/$/, '$1'))
    .filter((route) => !/ \/(docs|ui)\/./.test(route));
}

/** A route of every method takes more than OpenAPI 3.1 has words for, and TRACE, which no browser or `fetch` sends. */
function documentableMethods({ methods }: Route): string[] {
  const known = ['get', 'post', 'put', 'delete', 'patch', 'options', 'head'];
  return Object.keys(methods).filter((method) => known.includes(method));
}

function operations(): [string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]): [string, Operation] => [
      `${method} ${path}`,
      operation,
    ]),
  );
}

describe('the OpenAPI document', () => {
  it('is of version 3.1', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  it('has every route of the server and no other', () => {
    const documented = operations().map(([route]) => route);
    expect(documented.sort()).toEqual([...new Set(routes())].sort());
  });

  it('names every operation once, because clients are generated with these names', () => {
    const names = operations().map(([, { operationId }]) => operationId);
    expect(names).not.toContain(undefined);
    expect(new Set(names).size).toBe(names.length);
  });

  it('documents only codes that exist, under the status that the catalogue gives them', () => {
    const documented = operations().flatMap(([route, { responses }]) =>
      Object.entries(responses).flatMap(([status, { content }]) => {
        const parts = content?.['application/problem+json']?.schema?.allOf ?? [];
        return parts
          .flatMap((part) => part.properties?.code?.enum ?? [])
          .map((code) => ({ route, status, code }));
      }),
    );
    expect(documented.length).toBeGreaterThan(20);
    for (const { route, status, code } of documented) {
      expect(errorCodes).toContain(code);
      expect(`${route} ${code} ${status}`).toBe(`${route} ${code} ${problemCatalogue[code].status}`);
    }
  });

  it('asks for the token of a session where a request may change something, and nowhere else', () => {
    const asks = operations().filter(([, operation]) =>
      JSON.stringify(operation.responses).includes('CSRF_TOKEN_INVALID'),
    );
    const methods = asks.map(([route]) => route.split(' ')[0]);
    expect([...new Set(methods)].sort()).toEqual(['delete', 'patch', 'post', 'put']);
    const [, read] = operations().find(([route]) => route === 'get /info') ?? [];
    expect(
      Object.keys(read?.responses['403']?.content?.['application/problem+json']?.examples ?? {}).sort(),
    ).toEqual(['FORBIDDEN', 'UNKNOWN_HOST']);
  });

  it('begins with what comes first: to deploy', () => {
    expect(operations()[0]?.[0]).toBe('post /deploy');
    expect(document.tags?.[0]?.name).toBe('functions');
    const used = new Set(operations().flatMap(([, operation]) => (operation as { tags?: string[] }).tags));
    expect([...used].sort()).toEqual(document.tags?.map(({ name }) => name).sort());
  });

  it('takes a key in either of two headers, or a session, and says which routes need none', () => {
    expect(document.components?.securitySchemes).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer' },
      key: { type: 'apiKey', in: 'header', name: 'X-Glambdar-Key' },
    });
    expect(JSON.stringify(document)).not.toContain('JWT');
    const open = operations().filter(([, { security }]) => security?.length === 0);
    expect(open.map(([route]) => route).sort()).toEqual([
      'delete /session',
      'get /',
      'get /docs',
      'get /health/live',
      'get /health/ready',
      'get /openapi.json',
      'get /session',
      'get /ui',
      'post /session',
    ]);
    const [, info] = operations().find(([route]) => route === 'get /info') ?? [];
    expect(info?.security).toEqual([
      { bearer: ['functions:read'] },
      { key: ['functions:read'] },
      { session: ['functions:read'] },
    ]);
  });

  it('has an example of every answer with a body, and of each problem as clients get it', () => {
    const bodies = operations().flatMap(([route, { responses }]) =>
      Object.entries(responses).flatMap(([status, { content }]) =>
        Object.entries(content ?? {}).map(([type, media]) => ({
          at: `${route} ${status} ${type}`,
          status,
          media,
        })),
      ),
    );
    expect(bodies.filter(({ media }) => !media.example && !media.examples).map(({ at }) => at)).toEqual([]);
    const problems = bodies.filter(({ at }) => at.endsWith('problem+json'));
    expect(problems.length).toBeGreaterThan(50);
    for (const { at, status, media } of problems) {
      for (const [code, { value }] of Object.entries(media.examples ?? {})) {
        expect(value).toMatchObject({ code, status: Number(status), error: value['detail'] });
        expect('invocationId' in value).toBe(at.includes(' /invoke/'));
      }
    }
  });

  it('leaves no field of an answer without an example', () => {
    const silent = Object.entries(document.components?.schemas ?? {}).flatMap(([name, schema]) =>
      Object.entries((schema as { properties?: Record<string, object> }).properties ?? {})
        .filter(([, property]) => exampleOf(property, document.components?.schemas as never) === undefined)
        .map(([field]) => `${name}.${field}`),
    );
    expect(silent.filter((field) => !field.startsWith('Problem.'))).toEqual([]);
  });

  it('refers only to schemas that it has', () => {
    const referred = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(referred).toContain('Problem');
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(
      expect.arrayContaining([...new Set(referred)]),
    );
  });

  it('is served, with a page that shows it under the content security policy', async () => {
    await expect((await fetch(`${served.url}/openapi.json`)).json()).resolves.toMatchObject({
      openapi: '3.1.0',
    });
    expect((await fetch(`${served.url}/docs/index.js`)).status).toBe(404);
    const page = await fetch(`${served.url}/docs`);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(html).toContain('swagger-ui');
    // The policy lets no script run that stands in the page itself.
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
    for (const [, file] of html.matchAll(/<script[^>]*\bsrc="([^"]+)"/g)) {
      const script = await fetch(
        new URL(file!, page.url.endsWith('/') ? page.url : `${page.url}/`.replace(/docs\/$/, '')),
      );
      expect(script.headers.get('content-type')).toContain('javascript');
    }
  });
});
