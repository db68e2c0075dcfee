import fc from 'fast-check';
import type { AddressInfo } from 'node:net';
import { KeyService } from '../../src/auth/keys/key.service.js';
import { openApiDocument } from '../../src/http/openapi/openapi.js';
import { RecordThread } from '../../src/records/store/thread/thread-record-store.js';
import { startApp, type ListeningApp } from '../support/app.js';
import { documentedRoutes, type DocumentedRoute } from '../support/odd-requests/documented-routes.js';
import { bytesOf, oddRequest } from '../support/odd-requests/odd-request.js';
import { statusOf } from '../support/raw-connection.js';
import { handlerZip } from '../support/zip.js';

/** The same requests in every run, so that a failure is one for everybody. */
const runs = { seed: 20_261, numRuns: 60 };

const recordThreadFromSource = new URL('../support/record-thread.mjs', import.meta.url);

let served: ListeningApp;
let port: number;
let key: string;
let routes: DocumentedRoute[];

beforeAll(async () => {
  served = await startApp({
    GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock',
    GLAMBDAR_MANAGEMENT_PER_SECOND: '0',
    GLAMBDAR_FAILED_AUTHENTICATIONS_PER_MINUTE: '100000',
    GLAMBDAR_QUEUE_TIMEOUT_MS: '100',
    GLAMBDAR_MAX_KEYS: '100000',
  });
  // There is no build to take the program of the thread from.
  Object.assign(served.app.get(RecordThread), { module: recordThreadFromSource });
  ({ port } = served.app.getHttpServer().address() as AddressInfo);
  routes = documentedRoutes(openApiDocument(served.app));
  const owner = { actor: 'local', requestId: null, address: null };
  const made = await served.app
    .get(KeyService)
    .create({ name: 'all', scopes: ['admin'], functions: null, expiresAt: null }, owner);
  key = made.text;
});
afterAll(() => served.close());

/** There is a function to be asked about, whatever was deleted before. */
async function haveKnown(): Promise<void> {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(handlerZip('() => 1'))]), 'known.zip');
  const headers = { authorization: `Bearer ${key}` };
  const { status } = await fetch(`${served.url}/deploy`, { method: 'POST', body: form, headers });
  expect([201, 409]).toContain(status);
}

describe('whatever a client sends is answered, and never as a failure of the server', () => {
  it('on every route there is', async () => {
    expect(routes.length).toBeGreaterThan(20);
    for (const route of routes) {
      await haveKnown();
      const property = fc.asyncProperty(oddRequest(route), async (request) => {
        const status = await statusOf(port, bytesOf(request, key));
        expect(status).toBeGreaterThanOrEqual(200);
        expect(status).not.toBe(500);
      });
      await fc.assert(property, runs);
    }
  });

  it.each([100, 101, 10_000])(
    'also where JSON is nested %i deep, in every field of every body',
    async (levels) => {
      await haveKnown();
      const deep = '{"a":'.repeat(levels - 1) + '1' + '}'.repeat(levels - 1);
      for (const { method, path, bodyTypes, bodyFields } of routes.filter(takesJson)) {
        const target = path.replaceAll(/\{\w+\}/g, 'known');
        for (const field of bodyFields) {
          const body = Buffer.from(`{"${field}":${deep}}`);
          const headers = [['content-type', bodyTypes[0] ?? '']] as const;
          const status = await statusOf(port, bytesOf({ method, target, headers, body }, key));
          expect([`${method} ${path} ${field}`, status]).toEqual([
            `${method} ${path} ${field}`,
            // A limit on bytes may come before the one on levels.
            status === 413 ? 413 : 400,
          ]);
        }
      }
    },
  );
});

function takesJson({ bodyTypes }: DocumentedRoute): boolean {
  return bodyTypes.some((type) => type.includes('json'));
}
