import { jest } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Scope } from '../../src/common/auth/caller.js';
import { handlerZip } from '../support/zip.js';
import { EventReader } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { firstKeyOf } from '../support/first-key.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

interface Key {
  readonly id: string;
  readonly key: string;
}

let served: Served;
let admin: string;

beforeAll(async () => {
  served = await Served.start({
    GLAMBDAR_MANAGEMENT_PER_SECOND: '0',
    GLAMBDAR_UNSENT_BYTES: '4194304',
    GLAMBDAR_LOG_FOLLOWERS: '4',
    // Nobody is cut off for reading nothing while the test looks.
    GLAMBDAR_SEND_TIMEOUT_MS: '600000',
  });
  const warm = { isolation: 'warm', maxContainers: 1 };
  await served.deploy('large', handlerZip("async () => ({ body: 'x'.repeat(5e6) })"), warm);
  await served.deploy('small', handlerZip("async () => { console.log('called'); return 'small'; }"), warm);
  admin = await firstKeyOf(served);
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

const headersOf = (key: string) => ({ 'X-Glambdar-Key': key });

async function keyFor(...scopes: readonly Scope[]): Promise<Key> {
  const body = JSON.stringify({ name: 'test', scopes });
  const headers = { ...headersOf(admin), 'content-type': 'application/json' };
  const answer = await served.send('POST', '/keys', { body, headers });
  return answer.json as Key;
}

const invoke = (name: string, { key }: Key) =>
  served.send('POST', `/invoke/${name}`, { body: '{}', headers: headersOf(key) });

/** Sends these requests one behind the other, and reads nothing. */
async function unread({ key }: Key, ...paths: readonly string[]): Promise<Socket> {
  const { hostname, port } = new URL(served.url);
  const socket = connect(Number(port), hostname).pause();
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const headers = `Host: ${hostname}:${port}\r\nX-Glambdar-Key: ${key}\r\n\r\n`;
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\n${headers}`).join(''));
  return socket;
}

describe('answers that nobody reads', () => {
  it('shut out the key whose they are, before its calls are run, and nobody else, until they are read', async () => {
    const [careless, other] = [await keyFor('functions:invoke'), await keyFor('functions:invoke')];
    const socket = await unread(careless, '/invoke/large', '/invoke/large', '/invoke/large');
    await eventually('the key is refused', async () => (await invoke('small', careless)).status === 429);
    expect((await invoke('small', careless)).json).toMatchObject({
      code: 'RATE_LIMITED',
      error: expect.stringContaining('not being read') as string,
    });
    expect(await invoke('small', other)).toMatchObject({ status: 200 });
    socket.resume();
    await eventually('the key is let in', async () => (await invoke('small', careless)).status === 200);
    socket.destroy();
    expect(await invoke('large', careless)).toMatchObject({ status: 200 });
  });
});

describe('a log that is followed', () => {
  it('ends when its key is revoked, as events and as text, and others go on', async () => {
    const [reader, other] = [await keyFor('logs:read'), await keyFor('logs:read')];
    const url = `${served.url}/logs/small?follow=true&contains=called`;
    const events = await EventReader.open(`${url}&since=0s`, undefined, headersOf(reader.key));
    const goesOn = await EventReader.open(`${url}&since=0s`, undefined, headersOf(other.key));
    const headers = { ...headersOf(reader.key), Accept: 'text/plain' };
    const text = await fetch(`${url}&since=0s`, { headers });
    expect(await served.send('DELETE', `/keys/${reader.id}`, { headers: headersOf(admin) })).toMatchObject({
      status: 204,
    });
    expect(await events.next()).toMatchObject({ event: 'end', data: { reason: 'revoked' } });
    expect(await text.text()).toBe('# The key was revoked.\n');
    await invoke('small', { id: '', key: admin });
    expect(await goesOn.next()).toMatchObject({ event: 'line', data: { text: 'called' } });
    await goesOn.close();
  });

  it('takes no more than its share of the places from one key', async () => {
    const [greedy, other] = [await keyFor('logs:read'), await keyFor('logs:read')];
    const url = `${served.url}/logs/small?follow=true`;
    const open = ({ key }: Key) => EventReader.open(url, undefined, headersOf(key));
    const readers = [await open(greedy), await open(greedy)];
    await expect(open(greedy)).rejects.toThrow(/429.*RATE_LIMITED/s);
    readers.push(await open(other));
    for (const reader of readers) await reader.close();
  });
});
