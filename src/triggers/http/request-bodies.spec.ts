import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { Cancellation } from '../../common/time/cancellation.js';
import { invocationSettings, type InvocationSettings } from '../../invocation/invocation.settings.js';
import { RequestBodies } from './request-bodies.js';

const settings: InvocationSettings = {
  ...(invocationSettings.config() as InvocationSettings),
  requestBytes: 50,
  bufferedRequestBytes: 100,
};

let bodies: RequestBodies;
beforeEach(() => {
  bodies = new RequestBodies(settings, { functionPercent: 50, keyPercent: 50 });
});

function chunked() {
  const stream = new PassThrough();
  const headers = { 'transfer-encoding': 'chunked' };
  return { stream, request: Object.assign(stream, { headers }) as unknown as IncomingMessage };
}

async function received(keyId: string | undefined, bytes: number) {
  const { stream, request } = chunked();
  stream.end(Buffer.alloc(bytes));
  return bodies.receive(request, keyId, new Cancellation());
}

describe('RequestBodies', () => {
  it('holds nothing for a request without a body', async () => {
    const request = Object.assign(new PassThrough(), { headers: {} }) as unknown as IncomingMessage;
    await bodies.receive(request, 'key', new Cancellation());
    expect(bodies.heldBytes).toBe(0);
  });

  it('holds nothing for what was announced and has not arrived', async () => {
    const request = Object.assign(new PassThrough(), { headers: { 'content-length': '50' } });
    const cancellation = new Cancellation();
    const receiving = bodies.receive(request as unknown as IncomingMessage, 'key', cancellation);
    expect(bodies.heldBytes).toBe(0);
    cancellation.cancel(new Error('the server stops'));
    await expect(receiving).rejects.toThrow('the server stops');
  });

  it('holds what has arrived until it is discarded, once', async () => {
    const body = await received('key', 40);
    expect(bodies.heldBytes).toBe(40);
    body.discard();
    body.discard();
    expect([bodies.heldBytes, body.bytes, body.content.length]).toEqual([0, 40, 0]);
  });

  it('holds nothing of a body that was refused or broke off', async () => {
    await expect(received('key', 51)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    const { stream, request } = chunked();
    const receiving = bodies.receive(request, 'key', new Cancellation());
    stream.write(Buffer.alloc(10));
    stream.destroy();
    await expect(receiving).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    expect(bodies.heldBytes).toBe(0);
  });

  it("leaves the other half of the server's room to others than one key's callers", async () => {
    await received('greedy', 50);
    await expect(received('greedy', 1)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await expect(received('other', 50)).resolves.toMatchObject({ bytes: 50 });
    await expect(received('third', 1)).rejects.toMatchObject({ code: 'OVERLOADED' });
  });

  it('gives all the room to callers where there are no keys', async () => {
    await received(undefined, 50);
    await expect(received(undefined, 50)).resolves.toMatchObject({ bytes: 50 });
  });
});
