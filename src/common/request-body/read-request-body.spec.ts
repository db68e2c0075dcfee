import { PassThrough } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { readRequestBody } from './read-request-body.js';

/** A request as Node's server gives it: a stream with headers. */
function requestWith(headers: Record<string, string>) {
  const stream = new PassThrough();
  return { stream, request: Object.assign(stream, { headers }) as unknown as IncomingMessage };
}

describe('readRequestBody', () => {
  it('gives an empty body where none was announced, without waiting for the stream', async () => {
    await expect(readRequestBody(requestWith({}).request, 10)).resolves.toEqual(Buffer.alloc(0));
    await expect(readRequestBody(requestWith({ 'content-length': '0' }).request, 10)).resolves.toHaveLength(
      0,
    );
  });

  it('gives the bytes, in order, when they come in pieces', async () => {
    const { stream, request } = requestWith({ 'content-length': '4' });
    const body = readRequestBody(request, 4);
    stream.write(Buffer.from([0, 255]));
    stream.end(Buffer.from([1, 254]));
    await expect(body).resolves.toEqual(Buffer.from([0, 255, 1, 254]));
  });

  it('refuses a declared length above the limit before a byte is read', async () => {
    const { request } = requestWith({ 'content-length': '11' });
    await expect(readRequestBody(request, 10)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(request.listenerCount('data')).toBe(0);
  });

  it('refuses a chunked body at the byte that passes the limit and stops reading', async () => {
    const { stream, request } = requestWith({ 'transfer-encoding': 'chunked' });
    const body = readRequestBody(request, 10);
    stream.write(Buffer.alloc(10));
    stream.write(Buffer.alloc(1));
    await expect(body).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(request.isPaused()).toBe(true);
  });

  it('takes a body of exactly the limit', async () => {
    const { stream, request } = requestWith({ 'transfer-encoding': 'chunked' });
    stream.end(Buffer.alloc(10));
    await expect(readRequestBody(request, 10)).resolves.toHaveLength(10);
  });

  it('rejects with CLIENT_CLOSED when the client leaves before the end', async () => {
    const { stream, request } = requestWith({ 'content-length': '4' });
    const body = readRequestBody(request, 4);
    stream.write(Buffer.from([1]));
    stream.destroy(new Error('aborted'));
    await expect(body).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  });

  it('leaves no listener for the body behind', async () => {
    const { stream, request } = requestWith({ 'content-length': '1' });
    const before = request.listenerCount('data') + request.listenerCount('close');
    const body = readRequestBody(request, 4);
    stream.end(Buffer.from([1]));
    await body;
    expect(request.listenerCount('data') + request.listenerCount('close')).toBe(before);
  });
});
