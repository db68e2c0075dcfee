import type { OpenAPIObject } from '@nestjs/swagger';
import { KeyService } from '../../src/auth/keys/key.service.js';
import { changeTo } from '../../src/functions/change-feed.js';
import { FunctionRegistry } from '../../src/functions/function-registry.js';
import { openApiDocument } from '../../src/http/openapi/openapi.js';
import { gzipSync } from 'node:zlib';
import { zipOf } from '../support/zip.js';
import { startApp, type ListeningApp } from '../support/app.js';
import { deployedFunction } from '../support/builders/functions.js';

/** Every route that takes fields, and what they may be: the same fault is refused in the same words at each of them. */

/** A field with a value that breaks its rule, and the rule in words. */
type Broken = readonly [field: string, value: unknown, sentence: string];

interface JsonRoute {
  readonly path: string;
  readonly fields: string;
  readonly good: object;
  /** Of a wrong type, and out of range or empty. */
  readonly broken: readonly Broken[];
  readonly limitBytes: number;
  readonly mediaTypes?: string;
  /** Without a body it does something else. */
  readonly isOptional?: boolean;
  /** What it says in place of a field's name that may be a secret. */
  readonly hidesNames?: boolean;
}

const version = 'version must be a whole number, 1 or more.';
const patchFields =
  'description, runtime, handler, environment, responseFormat, timeoutSeconds, memoryMiB, cpuMillis, tmpMiB, isolation, ' +
  'sandbox, minContainers, maxContainers, maxConcurrency, idleTimeoutSeconds, egress, build, installScripts, access, rateLimit, cors, ' +
  'hosts, retry, onSuccess, onFailure, maxQueuedEvents, idempotency or schedules';
const cron =
  'cron must be a cron expression of five or six fields, such as "*/5 * * * *" for every five minutes.';
const every = 'every must be a whole number and s, m, h or d, from 1s to 366d, such as 10m.';
const timeout = 'timeoutSeconds must be a whole number from 1 to 900.';
const keyName = 'name must be printable ASCII, not all spaces, with 1 to 64 characters.';
const keyShown = 'key must be a key, as it was shown when it was created, with 1 to 256 characters.';
const scopes =
  'scopes must be one or more of functions:read, functions:deploy, functions:invoke, functions:delete, secrets:write, ' +
  'metrics:read, logs:read, admin.';

const jsonRoutes: Readonly<Record<string, JsonRoute>> = {
  'patch /settings/{name}': {
    path: '/settings/hello',
    fields: patchFields,
    good: { timeoutSeconds: 5 },
    broken: [
      ['timeoutSeconds', '5', timeout],
      ['timeoutSeconds', 901, timeout],
      ['isolation', '', 'isolation must be one of fresh, warm.'],
      ['environment', { A: 1 }, 'environment.A must be text.'],
      ['retry', 3, 'retry must be one JSON object.'],
      ['retry', { maxAttempts: 0 }, 'retry.maxAttempts must be a whole number from 1 to 10.'],
      ['retry', { attempts: 1 }, 'There is no field "retry.attempts"; use maxAttempts or maxAgeSeconds.'],
      ['schedules', { a: {} }, 'schedules.a must have one of cron and every.'],
    ],
    limitBytes: 262_144,
    mediaTypes: 'application/merge-patch+json or application/json',
  },
  'put /schedules/{name}/{schedule}': {
    path: '/schedules/hello/nightly',
    fields: 'cron, every, timeZone, payload, enabled or missed',
    good: { cron: '0 3 * * *' },
    broken: [
      ['cron', '* * * *', cron],
      ['cron', 5, 'cron must be a cron expression in ASCII, with at most 256 characters.'],
      ['every', '0m', every],
      ['every', 600, every],
      ['enabled', 'yes', 'enabled must be true or false.'],
      ['missed', 'all', 'missed must be one of skip, run-once.'],
      ['payload', 'x'.repeat(16_384), 'payload must have at most 16384 bytes as JSON.'],
    ],
    limitBytes: 102_400,
  },
  'put /secrets/{name}/{key}': {
    path: '/secrets/hello/TOKEN',
    fields: 'value',
    good: { value: 'x' },
    broken: [
      ['value', null, 'value must be text, with at least one character.'],
      ['value', '', 'value must be text, with at least one character.'],
      ['value', 'x'.repeat(32_769), 'value must have at most 32768 bytes in UTF-8.'],
    ],
    limitBytes: 394_240,
    hidesNames: true,
  },
  'post /rollback/{name}': {
    path: '/rollback/hello',
    fields: 'version',
    good: { version: 1 },
    broken: [
      ['version', '1', version],
      ['version', null, version],
      ['version', 0, version],
    ],
    limitBytes: 1024,
    isOptional: true,
  },
  'post /keys': {
    path: '/keys',
    fields: 'name, scopes, functions or expiresAt',
    good: { name: 'ci', scopes: ['admin'] },
    broken: [
      ['name', 7, keyName],
      ['name', '', keyName],
      ['scopes', [], scopes],
      ['scopes', undefined, scopes],
    ],
    limitBytes: 16_384,
  },
  'post /session': {
    path: '/session',
    fields: 'key',
    good: { key: 'x' },
    broken: [
      ['key', 7, keyShown],
      ['key', '', keyShown],
      ['key', 'x'.repeat(257), keyShown],
    ],
    limitBytes: 1024,
    hidesNames: true,
  },
};

interface QueryRoute {
  readonly path: string;
  readonly fields: string;
  /** A field and a value that is allowed. */
  readonly good: readonly [string, string];
  readonly broken: readonly Broken[];
}

const moment = (field: string) =>
  `${field} must be a time like 2026-01-31T12:00:00Z, or how long ago, like 90s, 5m, 2h or 7d.`;

const anyState = 'one or more of queued, running, failed, succeeded, dead, separated by commas';

const strict = 'strict must be true or false.';

const queryRoutes: Readonly<Record<string, QueryRoute>> = {
  'get /logs/{name}': {
    path: '/logs/hello',
    fields: 'invocation, since, until, level, contains, limit, before or follow',
    good: ['limit', '1'],
    broken: [
      ['limit', 'many', 'limit must be a whole number from 1 to 1000.'],
      ['limit', '1001', 'limit must be a whole number from 1 to 1000.'],
      ['limit', '', 'limit must be a whole number from 1 to 1000.'],
      ['follow', '1', 'follow must be true or false.'],
      ['level', 'fatal', 'level must be one of debug, info, warn, error.'],
      ['contains', '', 'contains must be text, with 1 to 256 characters.'],
    ],
  },
  'get /invocations': {
    path: '/invocations',
    fields: 'function, outcome, version, since, until or limit',
    good: ['limit', '1'],
    broken: [
      ['version', '0', version],
      ['version', 'latest', version],
      ['outcome', 'error', 'outcome must be one of success, caller, function, platform.'],
      ['since', 'yesterday', moment('since')],
      ['until', '2026-01-31', moment('until')],
      ['limit', '1e2', 'limit must be a whole number from 1 to 1000.'],
      ['limit', '0', 'limit must be a whole number from 1 to 1000.'],
      ['limit', '', 'limit must be a whole number from 1 to 1000.'],
    ],
  },
  'get /builds': {
    path: '/builds',
    fields: 'function or limit',
    good: ['limit', '1'],
    broken: [
      ['limit', 'x', 'limit must be a whole number from 1 to 100.'],
      ['limit', '101', 'limit must be a whole number from 1 to 100.'],
      ['limit', '', 'limit must be a whole number from 1 to 100.'],
    ],
  },
  'get /builds/{id}': {
    path: '/builds/7c9e6679-7425-40de-944b-e07fc1f90ae7',
    fields: 'follow',
    good: ['follow', 'false'],
    broken: [
      ['follow', '1', 'follow must be true or false.'],
      ['follow', '', 'follow must be true or false.'],
    ],
  },
  'get /stats': {
    path: '/stats',
    fields: 'function or minutes',
    good: ['minutes', '360'],
    broken: [
      ['minutes', '61', 'minutes must be one of 60, 360, 1440.'],
      ['minutes', '060', 'minutes must be one of 60, 360, 1440.'],
      ['minutes', '', 'minutes must be one of 60, 360, 1440.'],
      ['minutes', '1e3', 'minutes must be one of 60, 360, 1440.'],
    ],
  },
  'get /events': {
    path: '/events',
    fields: 'function, state, limit or cursor',
    good: ['limit', '1'],
    broken: [
      ['limit', '0', 'limit must be a whole number from 1 to 200.'],
      ['limit', '201', 'limit must be a whole number from 1 to 200.'],
      ['state', 'lost', `state must be ${anyState}.`],
      ['state', '', `state must be ${anyState}.`],
      ['state', 'dead,', `state must be ${anyState}.`],
      ['state', 'dead, failed', `state must be ${anyState}.`],
      ['cursor', '', 'cursor must be the cursor of an earlier response.'],
      ['cursor', '7', 'cursor must be the cursor of an earlier response.'],
      ['cursor', 'LTE', 'cursor must be the cursor of an earlier response.'],
    ],
  },
  'get /schedules': {
    path: '/schedules',
    fields: 'function, limit or cursor',
    good: ['limit', '1'],
    broken: [
      ['limit', '0', 'limit must be a whole number from 1 to 200.'],
      ['limit', '201', 'limit must be a whole number from 1 to 200.'],
      ['cursor', '', 'cursor must be the cursor of an earlier response.'],
      ['cursor', 'aGVsbG8', 'cursor must be the cursor of an earlier response.'],
    ],
  },
  'get /events/{id}': {
    path: '/events/0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55',
    fields: 'wait',
    good: ['wait', '1'],
    broken: [
      ['wait', '61', 'wait must be a whole number from 0 to 60.'],
      ['wait', '-1', 'wait must be a whole number from 0 to 60.'],
      ['wait', '', 'wait must be a whole number from 0 to 60.'],
      ['wait', '1s', 'wait must be a whole number from 0 to 60.'],
    ],
  },
  'post /events/retry': {
    path: '/events/retry',
    fields: 'function or state',
    good: ['state', 'dead'],
    broken: [
      ['state', 'running', 'state must be one or more of dead, failed, queued, separated by commas.'],
      ['state', '', 'state must be one or more of dead, failed, queued, separated by commas.'],
    ],
  },
  'delete /events': {
    path: '/events',
    fields: 'state or function',
    good: ['function', 'hello'],
    broken: [
      [
        'state',
        'running',
        'state must be one or more of queued, failed, succeeded, dead, separated by commas.',
      ],
      ['state', '', 'state must be one or more of queued, failed, succeeded, dead, separated by commas.'],
    ],
  },
  'get /audit': {
    path: '/audit',
    fields: 'after, before, order or limit',
    good: ['after', '0'],
    broken: [
      ['limit', 'x', 'limit must be a whole number from 1 to 1000.'],
      ['limit', '1001', 'limit must be a whole number from 1 to 1000.'],
      ['after', '', 'after must be a whole number, 0 or more.'],
      ['after', '-1', 'after must be a whole number, 0 or more.'],
    ],
  },
  'post /deploy': {
    path: '/deploy',
    fields: 'strict or buildId',
    good: ['strict', 'false'],
    broken: [
      ['strict', 'yes', strict],
      ['strict', '', strict],
    ],
  },
  'put /deploy/{name}': {
    path: '/deploy/hello',
    fields: 'strict or buildId',
    good: ['strict', 'false'],
    broken: [
      ['strict', '1', strict],
      ['strict', '', strict],
    ],
  },
};

const formRoutes = ['post /deploy', 'put /deploy/{name}'] as const;

let served: ListeningApp;
let document: OpenAPIObject;
let key: string;
beforeAll(async () => {
  served = await startApp({
    GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock',
    GLAMBDAR_MANAGEMENT_PER_SECOND: '0',
  });
  document = openApiDocument(served.app);
  served.app.get(FunctionRegistry).apply(changeTo(deployedFunction({ name: 'hello' })));
  const owner = { actor: 'local', requestId: null, address: null };
  const wanted = { name: 'me', scopes: ['admin'], functions: null, expiresAt: null } as const;
  key = (await served.app.get(KeyService).create(wanted, owner)).text;
});
afterAll(() => served.close());

const methodOf = (route: string) => (route.split(' ')[0] ?? '').toUpperCase();

interface Refusal {
  readonly status: number;
  readonly code: unknown;
  readonly detail: unknown;
  readonly field: unknown;
}

async function refusalOf(
  route: string,
  path: string,
  init: Omit<RequestInit, 'headers'> = {},
  contentType?: string,
  contentEncoding?: string,
): Promise<Refusal> {
  const headers = {
    ...(contentEncoding !== undefined && { 'content-encoding': contentEncoding }),
    'X-Glambdar-Key': key,
    ...(contentType !== undefined && { 'content-type': contentType }),
  };
  const response = await fetch(served.url + path, { method: methodOf(route), ...init, headers });
  const { code, detail, field } = (await response.json()) as Record<string, unknown>;
  return { status: response.status, code, detail, field };
}

/** A route's operation has a body, or fields in its query. */
function routesWith(part: 'body' | 'query'): string[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, { requestBody?: object; parameters?: { in: string }[] }>)
      .filter(([, { requestBody, parameters = [] }]) =>
        part === 'body' ? requestBody !== undefined : parameters.some((one) => one.in === 'query'),
      )
      .map(([method]) => `${method} ${path}`)
      // What a call brings is the function's.
      .filter((route) => !route.includes(' /invoke/')),
  );
}

describe('the tables of this test', () => {
  it('have every route with a body', () => {
    expect(routesWith('body').sort()).toEqual([...Object.keys(jsonRoutes), ...formRoutes].sort());
  });

  it('have every route with a query', () => {
    expect(routesWith('query').sort()).toEqual(Object.keys(queryRoutes).sort());
  });
});

const invalid = (field: string, detail: string): Refusal => ({
  status: 400,
  code: 'INVALID_SETTINGS',
  detail,
  field,
});
const malformed = (field: string, detail: string): Refusal => ({
  status: 400,
  code: 'MALFORMED_REQUEST',
  detail,
  field,
});

describe.each(Object.entries(jsonRoutes))('the body of %s', (route, table) => {
  const send = (body: string | Uint8Array<ArrayBuffer>, contentType = 'application/json') =>
    refusalOf(route, table.path, { body }, contentType);
  const [name = '', value] = Object.entries(table.good)[0] ?? [];

  it('may have no unknown field', async () => {
    const refusal = await send(JSON.stringify({ ...table.good, constructor: 1 }));
    expect(refusal).toEqual(
      table.hidesNames === true
        ? invalid('body', `There is a field that has no meaning here; use ${table.fields}.`)
        : invalid('constructor', `There is no field "constructor"; use ${table.fields}.`),
    );
  });

  it.each(table.broken)('is refused where %s is %j', async (field, wrong, sentence) => {
    expect(await send(JSON.stringify({ ...table.good, [field]: wrong }))).toEqual(invalid(field, sentence));
  });

  it('may name no field twice', async () => {
    const member = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
    expect(await send(`{${member},${member}}`)).toEqual(malformed(name, `${name} must be given once.`));
  });

  it.each(['null', '[]', '"text"', '7'])('must be an object, unlike %s', async (body) => {
    expect(await send(body)).toEqual(invalid('body', 'The body must be one JSON object.'));
  });

  const nested = `{"${name}":${'['.repeat(100)}${']'.repeat(100)}}`;
  it.each([
    ['empty', ''],
    ['cut', '{'],
    ['followed by more', '{}{}'],
    ['not UTF-8', new Uint8Array(Buffer.from(`{"${name}":"\xe9"}`, 'latin1'))],
    ['nested too deep', nested],
  ])('must be JSON in UTF-8, and is refused where it is %s', async (fault, body) => {
    if (fault === 'empty' && table.isOptional === true) body = ' ';
    const rule = 'The body must be one JSON value in UTF-8, nested no deeper than 100 levels.';
    expect(await send(body)).toEqual(malformed('body', rule));
  });

  it('may have so many bytes and no more', async () => {
    expect(await send(`{}${' '.repeat(table.limitBytes)}`)).toEqual({
      status: 413,
      code: 'PAYLOAD_TOO_LARGE',
      detail: `The body must have at most ${table.limitBytes} bytes; send less.`,
      field: 'body',
    });
  });

  it.each(['gzip', 'br', 'Deflate', 'gzip, identity'])('may not be compressed with %s', async (coding) => {
    const body = gzipSync(JSON.stringify(table.good));
    expect(await refusalOf(route, table.path, { body }, 'application/json', coding)).toEqual(compressed);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'may not be of the content type %s',
    async (contentType) => {
      expect(await send(JSON.stringify(table.good), contentType)).toEqual({
        status: 415,
        code: 'UNSUPPORTED_MEDIA_TYPE',
        detail: `Send the content type ${table.mediaTypes ?? 'application/json'}.`,
        field: undefined,
      });
    },
  );
});

describe.each(Object.entries(queryRoutes))('the query of %s', (route, { path, fields, good, broken }) => {
  const isUpload = route.includes('/deploy');
  const ask = (query: string) => {
    const init = isUpload ? { body: formWith() } : {};
    return refusalOf(route, `${path}?${query}`, init);
  };
  const [name, value] = good;

  it('may have no unknown field', async () => {
    const detail = `There is no field "nothing"; use ${fields}.`;
    expect(await ask(`${name}=${value}&nothing=1`)).toEqual(malformed('nothing', detail));
  });

  it.each(broken)('is refused where %s is %j', async (field, wrong, sentence) => {
    expect(await ask(`${field}=${String(wrong)}`)).toEqual(malformed(field, sentence));
  });

  it('may name no field twice', async () => {
    expect(await ask(`${name}=${value}&${name}=${value}`)).toEqual(
      malformed(name, `${name} must be given once.`),
    );
  });
});

/** Routes from before queries were checked: what clients of then send must not break them. */
const ignoring = ['get /info', 'get /info/{name}', 'delete /del/{name}'];

/** Routes that need a key and take no query, with a path that leads to each. */
function routesWithoutQuery(): [route: string, path: string][] {
  const withQuery = routesWith('query');
  return Object.entries(document.paths).flatMap(([path, item]) =>
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
      expect([route, await refusalOf(route, `${path}?verbose=1&x=2`)]).toEqual([
        route,
        malformed('verbose', detail),
      ]);
    }
    expect(served.app.get(FunctionRegistry).list()).toMatchObject([{ name: 'hello', revision: 1 }]);
  });

  it.each([
    ['GET', '/info'],
    ['GET', '/info/hello'],
    ['DELETE', '/del/nothing'],
  ])('may be anything where it always could: %s %s', async (method, path) => {
    const ask = async (query: string) => {
      const headers = { 'X-Glambdar-Key': key };
      const response = await fetch(`${served.url}${path}${query}`, { method, headers });
      return { status: response.status, body: await response.text() };
    };
    expect(await ask('?verbose=1&_=1769860000&__proto__[x]=1')).toEqual(await ask(''));
  });

  it('says nothing of the route to somebody without a key', async () => {
    expect((await fetch(`${served.url}/settings/hello?verbose=1`)).status).toBe(401);
  });

  it.each(['/health/live', '/', '/docs', '/openapi.json'])(
    'may be anything for everybody: %s',
    async (path) => {
      expect((await fetch(`${served.url}${path}?from=mail`)).status).not.toBe(400);
    },
  );
});

const compressed: Refusal = {
  status: 415,
  code: 'UNSUPPORTED_MEDIA_TYPE',
  detail: 'The body is compressed; send it as it is, without Content-Encoding.',
  field: 'Content-Encoding',
};

function formWith(...fields: readonly (readonly [string, string])[]): FormData {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  form.set('file', new File([new Uint8Array(zipOf({ 'index.js': '' }))], 'another.zip'));
  return form;
}

describe.each(formRoutes)('the form of %s', (route) => {
  const { path } = queryRoutes[route] ?? { path: '' };
  const send = (...fields: readonly (readonly [string, string])[]) =>
    refusalOf(route, path, { body: formWith(...fields) });

  it('may have no unknown field', async () => {
    const detail = 'There is no field "nothing"; use settings or strict.';
    expect(await send(['nothing', '1'])).toEqual(invalid('nothing', detail));
  });

  it.each([
    ['strict', 'yes', strict],
    ['strict', '', strict],
    ['settings', '[]', 'settings must be one JSON object.'],
  ])('is refused where %s is %j', async (field, value, sentence) => {
    expect(await send([field, value])).toEqual(invalid(field, sentence));
  });

  it.each(jsonRoutes['patch /settings/{name}']?.broken ?? [])(
    'has settings that are held to the rules of PATCH /settings/:name: %s may not be %j',
    async (field, value, sentence) => {
      expect(await send(['settings', JSON.stringify({ [field]: value })])).toEqual(invalid(field, sentence));
    },
  );

  it('may name no field twice', async () => {
    const twice = malformed('settings', 'settings must be given once.');
    expect(await send(['settings', '{}'], ['settings', '{}'])).toEqual(twice);
    expect(await send(['settings', '{"tmpMiB":1,"tmpMiB":2}'])).toEqual(
      malformed('tmpMiB', 'tmpMiB must be given once.'),
    );
  });

  it.each(['', '{', '{}{}', `${'['.repeat(101)}${']'.repeat(101)}`])(
    'has settings in JSON, unlike %j',
    async (settings) => {
      const rule = 'settings must be one JSON value in UTF-8, nested no deeper than 100 levels.';
      expect(await send(['settings', settings])).toEqual(malformed('settings', rule));
    },
  );

  it('has fields in UTF-8', async () => {
    const part = 'Content-Disposition: form-data; name="settings"\r\n\r\n{"description":"\xe9"}';
    const zip = 'Content-Disposition: form-data; name="file"; filename="another.zip"\r\n\r\n';
    const body = Buffer.concat([
      Buffer.from(`--b\r\n${part}\r\n--b\r\n${zip}`, 'latin1'),
      zipOf({ 'index.js': '' }),
      Buffer.from('\r\n--b--\r\n'),
    ]);
    const refusal = await refusalOf(
      route,
      path,
      { body: new Uint8Array(body) },
      'multipart/form-data; boundary=b',
    );
    expect(refusal).toEqual(malformed('settings', 'settings must be text in UTF-8.'));
  });

  it('may have so many bytes in a field and no more', async () => {
    expect(await send(['settings', `{}${' '.repeat(262_144)}`])).toEqual({
      status: 413,
      code: 'PAYLOAD_TOO_LARGE',
      detail: 'settings must have at most 262144 bytes; send less.',
      field: 'settings',
    });
  });

  it('may not be compressed', async () => {
    const type = 'multipart/form-data; boundary=b';
    const body = gzipSync('--b--');
    expect(await refusalOf(route, path, { body }, type, 'gzip')).toEqual(compressed);
  });

  it.each(['text/plain', 'application/json', 'application/zip'])(
    'may not be of the content type %s',
    async (contentType) => {
      expect(await refusalOf(route, path, { body: '{}' }, contentType)).toEqual({
        status: 415,
        code: 'UNSUPPORTED_MEDIA_TYPE',
        detail: 'Send the content type multipart/form-data, with the zip archive in the form field "file".',
        field: undefined,
      });
    },
  );

  it('leaves nothing behind where it is refused', async () => {
    await send(['strict', 'yes']);
    expect(served.app.get(FunctionRegistry).list()).toMatchObject([{ name: 'hello', revision: 1 }]);
  });
});
