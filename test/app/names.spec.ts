import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Installation } from '../../src/common/installation/installation.js';
import { startApp, type ListeningApp } from '../support/app.js';
import { exchangeRaw } from '../support/raw-connection.js';

let served: ListeningApp;
beforeAll(async () => {
  served = await startApp({ GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock' });
});
afterAll(() => served.close());

/** Ways to write a path that leads out of a directory, or that some program takes for another than it is. */
const climbing = [
  '..',
  '.',
  '%2e%2e',
  '%2E.',
  '..%2f..%2fetc%2fpasswd',
  '..%2F..',
  '%2e%2e%2f%2e%2e',
  '..%5c..%5cetc',
  '..%c0%af..',
  '%252e%252e%252f',
  '..;',
  '....%2f%2f',
  '%2fetc%2fpasswd',
  'C:%5cwindows',
  '~root',
  'a%00b',
  '%00',
  'a%0d%0ab',
  'a%20b',
  '.hidden',
  '-',
  '%ef%bc%8e%ef%bc%8e',
  '%ff',
  '%',
  '%zz',
  'x'.repeat(65),
  '..%2f'.repeat(500),
];

const routes = [
  ['GET', '/info/'],
  ['DELETE', '/del/'],
  ['POST', '/invoke/'],
  ['DELETE', '/keys/'],
  ['GET', '/logs/'],
  ['GET', '/invocations/'],
] as const;

/** Sent as they are written: `fetch` would resolve the dots itself. */
async function statusOf(method: string, path: string): Promise<number> {
  const port = Number(new URL(served.url).port);
  const answer = await exchangeRaw(
    port,
    `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
  );
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
}

describe.each(routes)('%s %s', (method, path) => {
  it.each(climbing)(
    'answers %s with 400 or 404, always the same, and the server is as it was',
    async (name) => {
      const { directory } = served.app.get(Installation);
      const before = [directory, join(directory, 'functions'), join(directory, 'staging')].map((place) =>
        readdirSync(place),
      );
      const statuses = [await statusOf(method, path + name), await statusOf(method, path + name)];
      expect([400, 404]).toContain(statuses[0]);
      expect(statuses[1]).toBe(statuses[0]);
      const after = [directory, join(directory, 'functions'), join(directory, 'staging')].map((place) =>
        readdirSync(place),
      );
      expect(after).toEqual(before);
    },
  );
});
