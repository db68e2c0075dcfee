import { PassThrough } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { until } from '../../../test/support/eventually.js';
import { setCaller } from '../auth/caller.js';
import { everyFunction } from '../auth/permissions.js';
import { JsonBodies } from './json-bodies.js';

/** A request of which more comes as the test writes. */
function requestWith(keyId: string | undefined, begin: string) {
  const stream = Object.assign(new PassThrough(), { headers: { 'transfer-encoding': 'chunked' } });
  const request = stream as unknown as IncomingMessage;
  setCaller(request, { keyId, address: '', scopes: ['admin'], reach: everyFunction });
  stream.write(begin);
  return { stream, request };
}

const text = `"${'x'.repeat(8)}`;

describe('the bodies of management requests', () => {
  let bodies: JsonBodies;
  beforeEach(() => {
    bodies = new JsonBodies({ total: 30, share: 20 });
  });

  it('count as they arrive, until they are read or have failed', async () => {
    const [good, bad] = [requestWith('a', text), requestWith('a', text)];
    const reading = [bodies.read(good.request, 100), bodies.read(bad.request, 100)];
    await until(() => bodies.heldBytes === 18);
    good.stream.end('"');
    await expect(reading[0]).resolves.toBe('x'.repeat(8));
    expect(bodies.heldBytes).toBe(9);
    bad.stream.end();
    await expect(reading[1]).rejects.toMatchObject({ code: 'MALFORMED_REQUEST' });
    expect(bodies.heldBytes).toBe(0);
  });

  it('are refused where those with the same key, or all, hold as much as they may', async () => {
    const held = ['a', 'a', 'b'].map((keyId) => requestWith(keyId, text));
    const reading = held.map(({ request }) => bodies.read(request, 100));
    await until(() => bodies.heldBytes === 27);
    await expect(bodies.read(requestWith('a', text).request, 100)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
    });
    await expect(bodies.read(requestWith('c', text).request, 100)).rejects.toMatchObject({
      code: 'OVERLOADED',
    });
    expect(bodies.heldBytes).toBe(27);
    for (const { stream } of held) stream.end('"');
    await Promise.all(reading);
    expect(bodies.heldBytes).toBe(0);
  });
});
