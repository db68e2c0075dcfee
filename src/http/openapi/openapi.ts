import type { NestExpressApplication } from '@nestjs/platform-express';
import * as swagger from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { bearerSecurity, keySecurity, sessionSecurity } from '../../common/auth/route-access.js';
import { documentWith } from '../../common/openapi/documentation.js';
import { withExamples } from './openapi-examples.js';
import { problemSchema } from './problem-examples.js';
import { withoutTokenWhereSafe } from './safe-operations.js';

/** The groups of the page, in the order in which somebody needs them who has just started the server. */
const tags = [
  { name: 'functions', description: 'Deploy, list and change functions.' },
  { name: 'calls', description: 'Call functions.' },
  { name: 'events', description: 'Calls that nobody waits for: their attempts and results.' },
  { name: 'schedules', description: 'Calls that come by the clock.' },
  { name: 'secrets', description: 'Values that only a function can read.' },
  { name: 'builds', description: 'What the server made of uploads that needed preparation.' },
  { name: 'records', description: 'What functions printed, and their past calls.' },
  { name: 'health', description: 'For supervisors and load balancers.' },
  { name: 'metrics', description: 'For Prometheus.' },
  { name: 'access', description: 'Keys, and who changed what.' },
  { name: 'documentation', description: 'This server and its documentation.' },
];

/** Paths by their first segment, in the same order. */
const segments = [
  'deploy',
  'invoke',
  'info',
  'config',
  'versions',
  'rollback',
  'del',
  'secrets',
  'logs',
  'invocations',
  'health',
  'metrics',
  'keys',
  'session',
  'audit',
];

/** What is deployed first comes first; what has no place of its own comes last. */
function inOrder(paths: OpenAPIObject['paths']): OpenAPIObject['paths'] {
  return Object.fromEntries(Object.entries(paths).sort(([one], [other]) => placeOf(one) - placeOf(other)));
}

function placeOf(path: string): number {
  const place = segments.indexOf(path.split('/')[1] ?? '');
  return place < 0 ? segments.length : place;
}

type Paths = OpenAPIObject['paths'];
type PathItem = Paths[string];
type Operation = NonNullable<PathItem['get']>;

/** The methods of OpenAPI 3.1 that may come up in a route of every method; the framework documents more. */
const methods = ['post', 'get', 'put', 'delete', 'patch', 'options', 'head'] as const;
/** `fetch` lets these have no body, and what a server makes of one is undefined. */
const withoutBody: readonly string[] = ['get', 'head'];

/**
 * A route of every method is documented once for each, all under one name; but a client needs names of their own. POST
 * keeps the route's, the others add their method: `invoke`, `invokeGet`, `invokeHead`, …
 */
function namedByMethod(paths: Paths): Paths {
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [path, takesEveryMethod(item) ? renamed(item) : item]),
  );
}

function takesEveryMethod(item: PathItem): boolean {
  return methods.every((method) => item[method]?.operationId === item.post?.operationId);
}

function renamed(item: PathItem): PathItem {
  const operations = methods.map((method) => {
    const { requestBody, ...operation } = item[method] ?? { responses: {} };
    const suffix = method === 'post' ? '' : `${method.charAt(0).toUpperCase()}${method.slice(1)}`;
    const operationId = `${operation.operationId ?? ''}${suffix}`;
    const body = requestBody === undefined || withoutBody.includes(method) ? {} : { requestBody };
    const responses = method === 'head' ? withoutContent(operation.responses) : operation.responses;
    return [method, { ...operation, responses, ...body, operationId }];
  });
  return Object.fromEntries(operations) as PathItem;
}

/** An answer to HEAD has no body, whatever its status. */
function withoutContent(responses: Operation['responses']): Operation['responses'] {
  const statuses = Object.entries(responses).map(([status, response]) => {
    const head = { ...response };
    Reflect.deleteProperty(head, 'content');
    return [status, head];
  });
  return Object.fromEntries(statuses) as Operation['responses'];
}

const summary =
  'A serverless function runtime: deploy a zip, call it over HTTP. Until you create a key, none is needed.';

/**
 * Every route of the application, its errors among them. Loads the generator, so only the build and tests import this; what
 * the build has made of it is served.
 */
export function openApiDocument(application: NestExpressApplication): OpenAPIObject {
  documentWith(swagger);
  const description = new swagger.DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Glambdar')
    .setDescription(summary)
    .setVersion('1')
    .addServer('/', 'This server')
    .addSecurity(bearerSecurity, {
      type: 'http',
      scheme: 'bearer',
      description: 'A key, `glb_<id>_<secret>`.',
    })
    .addSecurity(keySecurity, {
      type: 'apiKey',
      in: 'header',
      name: 'X-Glambdar-Key',
      description:
        'The same key. Use it if the function you call needs `Authorization` for itself; it takes precedence over `Authorization`.',
    })
    .addSecurity(sessionSecurity, {
      type: 'apiKey',
      in: 'cookie',
      name: 'glambdar_session',
      description:
        "A browser's session, as `POST /session` begins it. The cookie's name has the server's id at its end. Requests that change something also need the header `X-Glambdar-CSRF`, with the `csrfToken` of `GET /session`.",
    })
    .build();
  const document = swagger.SwaggerModule.createDocument(application, description);
  return withExamples({
    ...document,
    info: { ...document.info, license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' } },
    tags,
    paths: inOrder(withoutTokenWhereSafe(sayingWhoMayCall(namedByMethod(document.paths)))),
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, Problem: problemSchema },
    },
  });
}

/** A route that needs no key says so, so that its reader knows it was not forgotten. */
function sayingWhoMayCall(paths: OpenAPIObject['paths']): OpenAPIObject['paths'] {
  const saying = (item: object) =>
    Object.entries(item).map(([method, operation]): [string, unknown] => [
      method,
      { security: [], ...(operation as object) },
    ]);
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [path, Object.fromEntries(saying(item)) as typeof item]),
  );
}
