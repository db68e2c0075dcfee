import { jest } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { HeldRegistry } from '../support/builds/held-registry.js';
import { TestRegistry } from '../support/builds/test-registry.js';
import { eventsFrom } from '../support/event-stream.js';
import { eventually } from '../support/eventually.js';
import { RawConnection } from '../support/raw-connection.js';
import { patientlyMs, Served } from '../support/served.js';
import { zipOf } from '../support/zip.js';

jest.setTimeout(patientlyMs);

/** More than the disk of a build has here. */
const largeBytes = 24 * 1024 * 1024;

let held: HeldRegistry;
let registry: TestRegistry;
/** Nobody listens there. */
let nowhere: string;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

beforeAll(async () => {
  held = await HeldRegistry.open();
  nowhere = `http://127.0.0.1:${await freePort()}/`;
  registry = await TestRegistry.open({
    large: { files: { 'large.txt': randomBytes(largeBytes / 2).toString('hex') } },
  });
});
afterAll(() => {
  held.close();
  registry.close();
});

const needing = (dependencies: object) =>
  zipOf({ 'index.js': `exports.handler = () => 'new';`, 'package.json': JSON.stringify({ dependencies }) });

/** The sentence of a deployment whose build failed, once nothing of it is left. */
async function sentenceOfFailure(served: Served, code: Buffer, settings?: object): Promise<string> {
  const answer = await served.upload('wanted.zip', code, settings);
  expect([answer.status, answer.code]).toEqual([422, 'BUILD_FAILED']);
  expect((await served.get('/info/wanted')).status).toBe(404);
  await eventually('nothing staged and no container of a build', async () => {
    const { staging } = await served.leftovers();
    return staging.length === 0 && (await served.buildContainers()) === 0;
  });
  return (answer.json as { detail: string }).detail;
}

describe('a build that meets a limit', () => {
  let served: Served;
  beforeAll(async () => {
    served = await Served.start({
      GLAMBDAR_BUILD_REGISTRIES: [registry.url, held.url, nowhere].join(','),
      GLAMBDAR_BUILD_FETCH_TIMEOUT_SECONDS: '1',
      GLAMBDAR_BUILD_DISK_MIB: '16',
      GLAMBDAR_PREWARMED_CONTAINERS: '0',
    });
  }, patientlyMs);
  afterAll(() => served.expectCleanEnd(), patientlyMs);

  it('names the registry that does not answer, and the setting', async () => {
    const sentence = await sentenceOfFailure(served, needing({ slow: `${held.url}slow.tgz` }));
    expect(sentence).toContain(held.url);
    expect(sentence).toContain('GLAMBDAR_BUILD_FETCH_TIMEOUT_SECONDS');
  });

  it('names the registry that cannot be reached, and says what to do', async () => {
    const sentence = await sentenceOfFailure(served, needing({ gone: `${nowhere}gone.tgz` }));
    expect(sentence).toContain(nowhere);
    expect(sentence).toMatch(/could not be reached.*GLAMBDAR_BUILD_REGISTRIES/);
  });

  it('names the size of its disk where packages do not fit', async () => {
    const sentence = await sentenceOfFailure(
      served,
      needing({ large: `${registry.url}large/-/large-1.0.0.tgz` }),
    );
    expect(sentence).toContain('GLAMBDAR_BUILD_DISK_MIB');
  });

  it('can be followed from before its upload ends, under an id that is nobody else’s', async () => {
    const id = randomUUID();
    const code = needing({ slow: `${held.url}slow.tgz` });
    const head = `--b\r\nContent-Disposition: form-data; name="file"; filename="early.zip"\r\n\r\n`;
    const body = Buffer.concat([Buffer.from(head), code, Buffer.from('\r\n--b--\r\n')]);
    const connection = await RawConnection.open(Number(new URL(served.url).port));
    connection.write(
      `POST /deploy?buildId=${id} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    connection.write(body.subarray(0, head.length + 10));
    await eventually('the build', async () => (await served.get(`/builds/${id}`)).status === 200);
    expect((await served.get(`/builds/${id}`)).json).toMatchObject({ state: 'waiting', function: 'early' });
    const events = await eventsFrom(`${served.url}/builds/${id}?follow=true`, {});
    const again = new FormData();
    again.set('file', new File([new Uint8Array(code)], 'other.zip'));
    const reused = await served.send('POST', `/deploy?buildId=${id}`, { body: again });
    expect([reused.status, reused.json]).toEqual([
      409,
      expect.objectContaining({ code: 'BUILD_EXISTS', field: 'buildId' }),
    ]);
    connection.write(body.subarray(head.length + 10));
    const seen = [];
    do seen.push(await events.next());
    while (seen.at(-1)?.event !== 'end');
    expect(seen.at(-1)?.data).toMatchObject({ id, function: 'early', state: 'failed' });
    connection.destroy();
  });

  it('is not given an id that is none', async () => {
    const body = new FormData();
    body.set('file', new File([new Uint8Array(needing({}))], 'other.zip'));
    const answer = await served.send('POST', '/deploy?buildId=mine', { body });
    expect([answer.status, answer.json]).toEqual([400, expect.objectContaining({ field: 'buildId' })]);
  });
});

describe('a build that takes too long', () => {
  let served: Served;
  beforeAll(async () => {
    served = await Served.start({
      GLAMBDAR_BUILD_REGISTRIES: held.url,
      GLAMBDAR_BUILD_TIMEOUT_SECONDS: '8',
      GLAMBDAR_PREWARMED_CONTAINERS: '0',
    });
  }, patientlyMs);
  afterAll(() => served.expectCleanEnd(), patientlyMs);

  it('ends, and names the limit, the setting and the registry', async () => {
    const sentence = await sentenceOfFailure(served, needing({ slow: '1' }));
    expect(sentence).toMatch(/longer than 8 s.*GLAMBDAR_BUILD_TIMEOUT_SECONDS/);
    expect(sentence).toContain(held.url);
  });
});

describe('a build whose image is missing and cannot be made', () => {
  let served: Served;
  beforeAll(async () => {
    served = await Served.start({
      GLAMBDAR_BUILD_IMAGE: 'glambdar-build-absent',
      GLAMBDAR_IMAGE_PROGRAM: '',
      GLAMBDAR_PREWARMED_CONTAINERS: '0',
    });
  }, patientlyMs);
  afterAll(() => served.expectCleanEnd(), patientlyMs);

  it.each([
    [
      'TypeScript',
      zipOf({ 'index.ts': 'export const handler = () => 1;' }),
      /`build` to "none" .* types stripped/,
    ],
    ['packages', needing({ small: '1' }), /node_modules/],
  ])('says what to do instead: %s', async (_, code, remedy) => {
    const answer = await served.upload('wanted.zip', code);
    expect([answer.status, answer.code]).toEqual([503, 'IMAGE_MISSING']);
    expect((answer.json as { detail: string }).detail).toMatch(remedy);
    expect((await served.get('/info/wanted')).status).toBe(404);
  });

  it('is not needed with build: none', async () => {
    const code = zipOf({ 'index.ts': 'export const handler = (): { body: string } => ({ body: "plain" });' });
    await served.deploy('plain', code, { build: 'none' });
    expect((await served.invoke('plain')).json).toBe('plain');
  });
});
