import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { Installation } from '../../src/common/installation/installation.js';
import { startApp, type ListeningApp } from '../support/app.js';
import { until } from '../support/eventually.js';

let served: ListeningApp;
beforeAll(async () => {
  served = await startApp({
    GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock',
    GLAMBDAR_REQUEST_TIMEOUT_MS: '1000',
    GLAMBDAR_PARALLEL_DEPLOYS: '3',
    GLAMBDAR_MANAGEMENT_PER_SECOND: '0',
  });
});
afterAll(() => served.close());

const staged = () => readdirSync(join(served.app.get(Installation).directory, 'staging'));

const beginnings: readonly (readonly [string, string])[] = [
  ['in its file', '--b\r\nContent-Disposition: form-data; name="file"; filename="hello.zip"\r\n\r\nPK'],
  [
    'behind its file',
    '--b\r\nContent-Disposition: form-data; name="file"; filename="hello.zip"\r\n\r\nPK\r\n--b\r\n',
  ],
  ['before its file', '--b\r\nContent-Disposition: form-data; name="settings"\r\n\r\n{'],
];

/** Reads nothing of its answer, and never closes its own side. */
function beginUpload(form: string): Socket {
  const client = connect({ port: Number(new URL(served.url).port), host: '127.0.0.1', allowHalfOpen: true });
  client.on('error', () => undefined);
  client.write(
    'POST /deploy HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n' +
      `Content-Length: 100000\r\n\r\n${form}`,
  );
  return client;
}

/** What becomes of an upload that is no archive: it is looked at where there is a place for it. */
async function codeOfNext(): Promise<unknown> {
  const body = new FormData();
  body.set('file', new Blob(['no zip']), 'next.zip');
  const answer = await fetch(`${served.url}/deploy`, { method: 'POST', body });
  return ((await answer.json()) as { code: unknown }).code;
}

describe('an upload that never ends', () => {
  it.each(beginnings)('holds its place and its bytes for a bounded time: %s', async (_, form) => {
    const clients = [1, 2, 3].map(() => beginUpload(form));
    await until(async () => (await codeOfNext()) === 'OVERLOADED');
    await until(async () => (await codeOfNext()) === 'INVALID_ARCHIVE');
    await until(() => staged().length === 0);
    for (const client of clients) client.destroy();
  });
});
