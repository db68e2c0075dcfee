import type { Request, Response } from 'express';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { until } from '../../../test/support/eventually.js';
import { everyFunction, setCaller } from '../auth/caller.js';
import { countSending, SendBudget } from './send-budget.js';

const mebibyte = 1024 * 1024;
/** More than a connection of this machine takes without its client's reading. */
const large = Buffer.alloc(24 * mebibyte, 'x');

let clock: ManualClock;
let unsent: SendBudget;
let server: Server;
let clients: Socket[];
/** Answers that are not to be given at once, by path. */
let later: Map<string, () => void>;

beforeEach(async () => {
  clock = new ManualClock();
  unsent = new SendBudget({ total: 40 * mebibyte, share: 20 * mebibyte }, clock);
  clients = [];
  later = new Map();
  server = createServer((request, response) => {
    const give = () => {
      answer(request, response);
    };
    if (request.url === '/slow') later.set('/slow', give);
    else give();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await until(() => unsent.heldBytes === 0);
  expect(clock.pendingTimers).toBe(0);
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  response.end(request.url === '/large' ? large : 'small');
  unsent.hold(response, request.headers['x-key'] as string | undefined);
}

/** A client that reads nothing before `resume`. */
async function ask(key: string, ...paths: string[]): Promise<Socket> {
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  client.on('error', () => undefined);
  clients.push(client);
  await once(client, 'connect');
  client.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\nX-Key: ${key}\r\n\r\n`).join(''));
  return client;
}

async function read(client: Socket): Promise<string> {
  const [bytes] = (await once(client.resume(), 'data')) as [Buffer];
  return bytes.toString();
}

describe('answers that wait for their clients', () => {
  it('are not counted where they leave at once', async () => {
    const client = await ask('a', '/small');
    expect(await read(client)).toContain('small');
    expect(unsent.heldBytes).toBe(0);
  });

  it('count until the client has read them', async () => {
    const client = await ask('a', '/large');
    await until(() => unsent.heldBytes > 0);
    expect(unsent.heldBytes).toBeGreaterThan(large.length / 2);
    client.resume();
    await until(() => unsent.heldBytes === 0);
  });

  it('count until the client leaves, those behind a slow answer too', async () => {
    const client = await ask('a', '/slow', '/small', '/small');
    await until(() => unsent.heldBytes > 0);
    client.destroy();
    await until(() => unsent.heldBytes === 0);
  });

  it('are sent in their order when the slow one is there', async () => {
    const client = await ask('a', '/slow', '/small');
    await until(() => unsent.heldBytes > 0);
    later.get('/slow')?.();
    let text = '';
    client.resume().on('data', (bytes: Buffer) => (text += bytes.toString()));
    await until(() => text.split('small').length === 3);
    await until(() => unsent.heldBytes === 0);
  });

  it('keep a key out before any work while they are more than its share, and nobody else', async () => {
    const client = await ask('a', '/large');
    await until(() => unsent.heldBytes > 0);
    expect(() => {
      unsent.requireRead('a');
    }).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }) as Error);
    for (const other of ['b', undefined]) unsent.requireRead(other);
    unsent.requireRoom('b');
    client.resume();
    await until(() => unsent.heldBytes === 0);
    unsent.requireRead('a');
  });

  it('are cut where their key has no room left, and those of other keys are not', async () => {
    const first = await ask('a', '/large');
    await until(() => unsent.heldBytes > 0);
    const held = unsent.heldBytes;
    const second = await ask('a', '/large');
    // It reads what is there, and finds the end of the connection before the end of the answer.
    await once(second.resume(), 'close');
    expect(second.bytesRead).toBeLessThan(large.length);
    const small = await ask('a', '/small');
    expect(await read(small)).toContain('small');
    expect(unsent.heldBytes).toBe(held);
    await ask('b', '/large');
    await until(() => unsent.heldBytes > held);
    expect(() => {
      unsent.requireRoom('c');
    }).toThrow(expect.objectContaining({ code: 'OVERLOADED' }) as Error);
    unsent.requireRead('c');
    first.destroy();
    await until(() => unsent.heldBytes <= held);
    unsent.requireRoom('c');
  });

  it('are let go of after a time that their size decides, however slowly the client reads', async () => {
    const client = await ask('a', '/large');
    await until(() => unsent.heldBytes > 0);
    const slowestMs = unsent.heldBytes / 16;
    clock.advance(29_000 + slowestMs);
    expect(unsent.heldBytes).toBeGreaterThan(0);
    clock.advance(1000);
    await until(() => unsent.heldBytes === 0);
    client.destroy();
  });

  it('behind a slow answer have their time from when it is their turn', async () => {
    const client = await ask('a', '/slow', '/small');
    await until(() => unsent.heldBytes > 0);
    clock.advance(900_000);
    later.get('/slow')?.();
    expect(await read(client)).toContain('small');
    await until(() => unsent.heldBytes === 0);
  });
});

/** Whom an answer is counted for. */
function holderOf(caller: { readonly keyId?: string; readonly scopes?: readonly 'admin'[] } = {}) {
  const holders: (string | undefined)[] = [];
  const unsent = { hold: (_: unknown, holder: string | undefined) => holders.push(holder) };
  const request = { socket: {} } as unknown as Request;
  const { keyId, scopes } = caller;
  if (scopes) setCaller(request, { keyId, scopes, address: '', reach: everyFunction });
  const response = { end: () => undefined } as unknown as Response;
  countSending(unsent as unknown as SendBudget)(request, response, () => undefined);
  response.end();
  expect(holders).toHaveLength(1);
  return holders[0];
}

describe('an answer that Express has ended counts', () => {
  it('for the key that was shown', () => {
    expect(holderOf({ keyId: 'k-1', scopes: ['admin'] })).toBe('k-1');
  });

  it('for nobody where no key is needed', () => {
    expect(holderOf({ scopes: ['admin'] })).toBeUndefined();
  });

  it('for all strangers together where one is needed and none was shown', () => {
    expect(holderOf()).toBe('strangers');
    expect(holderOf({ scopes: [] })).toBe('strangers');
  });
});
