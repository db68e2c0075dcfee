import { gzipSync } from 'node:zlib';
import {
  brokenSettings,
  compressed,
  invalid,
  malformed,
  version,
  type Broken,
} from '../../support/input/refusals.js';
import { RefusingServer } from '../../support/input/refusing-server.js';
import { formPaths } from '../../support/input/upload.js';

/** Every route that takes fields in JSON, and what they may be. */

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

const patchFields =
  'description, runtime, handler, environment, responseFormat, timeoutSeconds, memoryMiB, cpuMillis, tmpMiB, isolation, ' +
  'sandbox, minContainers, maxContainers, maxConcurrency, idleTimeoutSeconds, egress, build, installScripts, access, rateLimit, cors, ' +
  'hosts, retry, onSuccess, onFailure, maxQueuedEvents, idempotency or schedules';
const cron =
  'cron must be a cron expression of five or six fields, such as "*/5 * * * *" for every five minutes.';
const every = 'every must be a whole number and s, m, h or d, from 1s to 366d, such as 10m.';
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
    broken: brokenSettings,
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

let server: RefusingServer;
beforeAll(async () => {
  server = await RefusingServer.start();
});
afterAll(() => server.close());

describe('the table of this test', () => {
  it('has, beside the forms, every route with a body', () => {
    expect(server.routesWith('body').sort()).toEqual(
      [...Object.keys(jsonRoutes), ...Object.keys(formPaths)].sort(),
    );
  });
});

describe.each(Object.entries(jsonRoutes))('the body of %s', (route, table) => {
  const send = (body: string | Uint8Array<ArrayBuffer>, contentType = 'application/json') =>
    server.refusalOf(route, table.path, { body, contentType });
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
    const sent = { body, contentType: 'application/json', contentEncoding: coding };
    expect(await server.refusalOf(route, table.path, sent)).toEqual(compressed);
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
