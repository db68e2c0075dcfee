import { PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { KeyService } from '../../src/auth/keys/key.service.js';
import { AuditStore } from '../../src/auth/store/auth-stores.js';
import { routeAccessOf } from '../../src/common/auth/route-access.js';
import type { Scope } from '../../src/common/auth/caller.js';
import { FunctionRegistry } from '../../src/functions/function-registry.js';
import { startApp, type ListeningApp } from '../support/app.js';
import { zipOf } from '../support/zip.js';
import { changeTo } from '../../src/functions/change-feed.js';
import { deployedFunction } from '../support/builders/functions.js';

const owner = { actor: 'local', requestId: null, address: null };

let served: ListeningApp;
/** Everything that a key can hold, for the functions of the shop alone. */
let shop: string;
let admin: string;

beforeAll(async () => {
  served = await startApp({
    GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock',
    GLAMBDAR_MANAGEMENT_PER_SECOND: '0',
  });
  admin = (await makeKey(['admin'], null)).text;
  shop = (await makeKey(['admin'], ['shop-*', 'till'])).text;
  const registry = served.app.get(FunctionRegistry);
  for (const name of ['mail', 'shop-cart', 'till', 'shopping'])
    registry.apply(changeTo(deployedFunction({ name })));
});
afterAll(() => served.close());

async function makeKey(scopes: readonly Scope[], functions: readonly string[] | null) {
  const { key, text } = await served.app
    .get(KeyService)
    .create({ name: 'test', scopes, functions, expiresAt: null }, owner);
  return { id: key.id, text };
}

async function ask(key: string, method: string, path: string, body?: RequestInit['body']) {
  const type = typeof body === 'string' ? { 'Content-Type': 'application/json' } : {};
  const headers = { 'X-Glambdar-Key': key, ...type };
  const response = await fetch(served.url + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const json = (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>;
  return { status: response.status, code: json['code'], body: json, text };
}

function deploy(key: string, fileName: string) {
  const form = new FormData();
  form.set('file', new File([new Uint8Array(zipOf({ 'index.js': 'exports.handler = () => 1' }))], fileName));
  return ask(key, 'POST', '/deploy', form);
}

const names = (body: Record<string, unknown>) =>
  (body['functions'] as { readonly name: string }[]).map(({ name }) => name);

/** Every route with a function's name in its path. */
const ofOneFunction = (name: string): [string, string][] => [
  ['POST', `/invoke/${name}`],
  ['GET', `/invoke/${name}/a/path?and=query`],
  ['POST', `/INVOKE/${name}`],
  ['GET', `/info/${name}`],
  ['GET', `/settings/${name}`],
  ['PATCH', `/settings/${name}`],
  ['GET', `/secrets/${name}`],
  ['PUT', `/secrets/${name}/KEY`],
  ['DELETE', `/secrets/${name}/KEY`],
  ['GET', `/schedules?function=${name}`],
  ['GET', `/schedules/${name}/nightly`],
  ['PUT', `/schedules/${name}/nightly`],
  ['DELETE', `/schedules/${name}/nightly`],
  ['POST', `/schedules/${name}/nightly/run`],
  ['GET', `/versions/${name}`],
  ['POST', `/rollback/${name}`],
  ['GET', `/logs/${name}`],
  ['GET', `/logs/${name}?follow=true`],
  ['GET', `/invocations?function=${name}`],
  ['GET', `/stats?function=${name}`],
  ['PUT', `/deploy/${name}`],
  ['DELETE', `/del/${name}`],
];

describe('a key that is limited to certain functions', () => {
  it.each(ofOneFunction('x').map(([method, path]) => [method, path.replace('x', ':name')]))(
    'is answered at %s %s the same, whether there is such a function or not, when it is none of them',
    async (method, pattern) => {
      const there = await ask(shop, method, pattern.replace(':name', 'mail'));
      const notThere = await ask(shop, method, pattern.replace(':name', 'nobody'));
      expect([there.status, there.code]).toEqual([403, 'FORBIDDEN']);
      const withoutCall = (text: string) => text.replace(/"invocationId":"[^"]*",?/, '');
      expect(withoutCall(there.text)).toBe(withoutCall(notThere.text));
    },
  );

  it.each(ofOneFunction('shop-new'))('comes in at %s %s, which is one of them', async (method, path) => {
    expect((await ask(shop, method, path)).code).not.toBe('FORBIDDEN');
  });

  it.each(['%6dail', 'mail%2f..', '..%2fmail', 'MAIL', 'shop-%2a%2f', 'till/../mail'])(
    'does not reach another by another spelling of its name: %s',
    async (name) => {
      for (const route of ['info', 'invoke', 'INVOKE', 'logs']) {
        const { status } = await ask(shop, 'GET', `/${route}/${name}`);
        expect([400, 403, 404]).toContain(status);
      }
    },
  );

  it('lists and counts only them', async () => {
    const { body } = await ask(shop, 'GET', '/info');
    expect([body['count'], names(body)]).toEqual([2, ['shop-cart', 'till']]);
    expect(names((await ask(admin, 'GET', '/info')).body)).toHaveLength(4);
  });

  it('deploys under their names only, free or taken, and what it tried is recorded', async () => {
    for (const name of ['mail.zip', 'other.zip', 'shop.zip', 'shop-cart.zip.zip']) {
      expect((await deploy(shop, name)).status).toBe(name.endsWith('.zip.zip') ? 400 : 403);
    }
    expect((await deploy(shop, 'till.zip')).code).toBe('FUNCTION_EXISTS');
    const entries = await served.app.get(AuditStore).after(0, 100);
    expect(entries.map(({ target, outcome }) => `${target ?? '?'} ${outcome}`)).toContain('other FORBIDDEN');
  });

  it.each([
    ['GET', '/keys'],
    ['POST', '/keys'],
    ['DELETE', '/keys/0123456789ab'],
    ['GET', '/audit'],
    ['GET', '/metrics'],
    ['GET', '/server'],
  ])('opens nothing that is about the whole server: %s %s', async (method, path) => {
    const { status, code, body } = await ask(shop, method, path, method === 'POST' ? '{}' : undefined);
    expect([status, code]).toEqual([403, 'FORBIDDEN']);
    expect(body['detail']).toContain('whole server');
  });

  it('is told whether the server is ready, and no details', async () => {
    expect((await ask(shop, 'GET', '/health/ready')).body).toEqual({ status: 'error' });
  });

  it('is limited by its scopes as well', async () => {
    const caller = (await makeKey(['functions:invoke'], ['shop-*'])).text;
    const { body } = await ask(caller, 'GET', '/info/shop-cart');
    expect(body['detail']).toContain('functions:read');
  });

  it('is made and listed over HTTP, with what it is limited to', async () => {
    const wanted = { name: 'ci', scopes: ['functions:read'], functions: ['shop-*', 'till'] };
    const made = await ask(admin, 'POST', '/keys', JSON.stringify(wanted));
    expect([made.status, made.body]).toEqual([201, expect.objectContaining(wanted)]);
    expect((await ask(made.body['key'] as string, 'GET', '/info')).body).toMatchObject({ count: 2 });
    const { keys } = (await ask(admin, 'GET', '/keys')).body as { keys: Record<string, unknown>[] };
    expect([keys[0]?.['functions'], keys.at(-1)?.['functions']]).toEqual([null, ['shop-*', 'till']]);
    const wrong = await ask(admin, 'POST', '/keys', JSON.stringify({ ...wanted, functions: ['shop-?'] }));
    expect(wrong.body).toMatchObject({ code: 'INVALID_SETTINGS', field: 'functions' });
  });
});

describe('why a function fails', () => {
  it('is told without stack and source to who may read no logs', async () => {
    const loadFailure = "Error: Cannot find module './x'\nRequire stack:\n- /glambdar/code/index.js";
    served.app
      .get(FunctionRegistry)
      .apply(changeTo({ ...deployedFunction({ name: 'failing' }), loadFailure }));
    const reader = (await makeKey(['functions:read'], null)).text;
    const reasonFor = async (key: string) => (await ask(key, 'GET', '/info/failing')).body['stateReason'];
    expect(await reasonFor(reader)).toBe("Error: Cannot find module './x'");
    expect(await reasonFor(admin)).toBe(loadFailure);
  });
});

describe('every route', () => {
  /** Those that show or change functions by something else than a name in their path, each of which is tried above. */
  const keptByHandler = [
    'BuildsController.get',
    'BuildsController.list',
    'DeployController.deploy',
    'EventsController.delete',
    'EventsController.get',
    'EventsController.list',
    'EventsController.purge',
    'EventsController.retry',
    'EventsController.retryAll',
    'FunctionsController.list',
    'InvocationsController.get',
    'InvocationsController.list',
    'SchedulesController.list',
    'StatsController.read',
  ];

  it('is closed to limited keys, compares the name in its path, or is known to keep to them itself', () => {
    const routes = [...served.app.get(ModulesContainer).values()]
      .flatMap((module) => [...module.controllers.values()])
      .map(({ metatype }) => (metatype as { readonly prototype: object }).prototype)
      .flatMap((prototype) =>
        Object.entries(Object.getOwnPropertyDescriptors(prototype))
          .filter(
            ([name, { value }]) =>
              name !== 'constructor' && Reflect.hasMetadata(PATH_METADATA, value as object),
          )
          .map(
            ([name, { value }]) =>
              [`${prototype.constructor.name}.${name}`, routeAccessOf(value as object)] as const,
          ),
      );
    const own = routes.filter(([, access]) => access?.kind === 'scope' && access.keptBy === 'handler');
    expect(own.map(([name]) => name).sort()).toEqual(keptByHandler);
  });
});
