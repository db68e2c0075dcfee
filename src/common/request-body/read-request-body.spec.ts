import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { DomainError } from '../errors/domain-error.js';
import { Cancellation } from '../time/cancellation.js';
import { readRequestBody, ReceivedChunks } from './read-request-body.js';

/** A request as Node's server gives it: a stream with headers. */
function requestWith(headers: Record<string, string>) {
  const stream = new PassThrough();
  return { stream, request: Object.assign(stream, { headers }) as unknown as IncomingMessage };
}

describe('readRequestBody', () => {
  it('gives an empty body where none was announced, without waiting for the stream', async () => {
    await expect(readRequestBody(requestWith({}).request, { limitBytes: 10 })).resolves.toEqual(
      Buffer.alloc(0),
    );
    await expect(
      readRequestBody(requestWith({ 'content-length': '0' }).request, { limitBytes: 10 }),
    ).resolves.toHaveLength(0);
  });

  it('gives the bytes, in order, when they come in chunks', async () => {
    const { stream, request } = requestWith({ 'content-length': '4' });
    const body = readRequestBody(request, { limitBytes: 4 });
    stream.write(Buffer.from([0, 255]));
    stream.end(Buffer.from([1, 254]));
    await expect(body).resolves.toEqual(Buffer.from([0, 255, 1, 254]));
  });

  it('refuses a declared length above the limit before a byte is read', async () => {
    const { request } = requestWith({ 'content-length': '11' });
    await expect(readRequestBody(request, { limitBytes: 10 })).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
    });
    expect(request.listenerCount('data')).toBe(0);
  });

  it('refuses a chunked body at the byte that passes the limit and stops reading', async () => {
    const { stream, request } = requestWith({ 'transfer-encoding': 'chunked' });
    const body = readRequestBody(request, { limitBytes: 10 });
    stream.write(Buffer.alloc(10));
    stream.write(Buffer.alloc(1));
    await expect(body).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(request.isPaused()).toBe(true);
  });

  it('takes a body of exactly the limit', async () => {
    const { stream, request } = requestWith({ 'transfer-encoding': 'chunked' });
    stream.end(Buffer.alloc(10));
    await expect(readRequestBody(request, { limitBytes: 10 })).resolves.toHaveLength(10);
  });

  it('rejects with CLIENT_CLOSED when the client leaves before the end', async () => {
    const { stream, request } = requestWith({ 'content-length': '4' });
    const body = readRequestBody(request, { limitBytes: 4 });
    stream.write(Buffer.from([1]));
    stream.destroy(new Error('aborted'));
    await expect(body).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  });

  it('rejects with CLIENT_CLOSED when the client has left before anybody read', async () => {
    const { stream, request } = requestWith({ 'content-length': '4' });
    stream.destroy();
    await once(stream, 'close');
    await expect(readRequestBody(request, { limitBytes: 10 })).rejects.toMatchObject({
      code: 'CLIENT_CLOSED',
    });
  });

  it('ends with the reason of a cancellation, however long the client takes', async () => {
    const { stream, request } = requestWith({ 'content-length': '4' });
    const cancellation = new Cancellation();
    const body = readRequestBody(request, { limitBytes: 10, cancellation });
    stream.write(Buffer.from([1, 2]));
    cancellation.cancel(new DomainError('DRAINING', 'The server stops.'));
    await expect(body).rejects.toMatchObject({ code: 'DRAINING' });
    expect(request.listenerCount('data')).toBe(0);
  });

  it('ends at once when it was cancelled before', async () => {
    const { request } = requestWith({ 'content-length': '4' });
    const cancellation = new Cancellation();
    cancellation.cancel(new DomainError('DRAINING', 'The server stops.'));
    await expect(readRequestBody(request, { limitBytes: 10, cancellation })).rejects.toMatchObject({
      code: 'DRAINING',
    });
  });

  it('tells of bytes as they arrive, and stops where it is told to', async () => {
    const { stream, request } = requestWith({ 'transfer-encoding': 'chunked' });
    const reported: number[] = [];
    const body = readRequestBody(request, {
      limitBytes: 10,
      onBytes: (bytes) => {
        reported.push(bytes);
        if (reported.length === 2) throw new DomainError('OVERLOADED', 'No room.');
      },
    });
    stream.write(Buffer.alloc(3));
    stream.write(Buffer.alloc(4));
    await expect(body).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(reported).toEqual([3, 4]);
  });

  it('refuses a body that comes byte by byte', async () => {
    const { stream, request } = requestWith({ 'transfer-encoding': 'chunked' });
    const body = readRequestBody(request, { limitBytes: 1_000_000 });
    for (let index = 0; index < 2000; index += 1) stream.write(Buffer.from([1]));
    await expect(body).rejects.toMatchObject({ code: 'MALFORMED_REQUEST' });
  });

  it('leaves no listener for the body behind', async () => {
    const { stream, request } = requestWith({ 'content-length': '1' });
    const before = request.listenerCount('data') + request.listenerCount('close');
    const body = readRequestBody(request, { limitBytes: 4 });
    stream.end(Buffer.from([1]));
    await body;
    expect(request.listenerCount('data') + request.listenerCount('close')).toBe(before);
  });
});

function chunksOf(...sizes: number[]): Buffer[] {
  let next = 0;
  return sizes.map((size) => Buffer.from(Array.from({ length: size }, () => (next += 1) % 251)));
}

function collect(chunks: readonly Buffer[]): ReceivedChunks {
  const received = new ReceivedChunks();
  for (const chunk of chunks) received.add(chunk);
  return received;
}

describe('ReceivedChunks', () => {
  it.each([
    ['nothing', []],
    ['one chunk', [3]],
    ['small ones', [1, 2, 3]],
    ['small ones around large ones', [5, 2000, 7, 5, 3000, 1]],
    ['small ones that fill many blocks', Array.from({ length: 200 }, () => 1000)],
  ])('gives the bytes in order: %s', (_, sizes) => {
    const chunks = chunksOf(...sizes);
    expect(collect(chunks).whole()).toEqual(Buffer.concat(chunks));
  });

  it('gives a body of one chunk without a copy', () => {
    const chunk = Buffer.from('whole');
    expect(collect([chunk]).whole()).toBe(chunk);
  });

  it('holds no more memory for small chunks than for their bytes', () => {
    const one = Buffer.alloc(64);
    const before = process.memoryUsage().arrayBuffers;
    const received = new ReceivedChunks();
    for (let count = 0; count < 32_768; count += 1) received.add(one);
    const grownBytes = process.memoryUsage().arrayBuffers - before;
    expect(received.bytes).toBe(2 * 1024 * 1024);
    expect(grownBytes).toBeLessThan(3 * 1024 * 1024);
  });

  it('takes some hundred chunks of any size', () => {
    const byte = Buffer.alloc(1);
    const received = new ReceivedChunks();
    for (let count = 0; count < 512; count += 1) received.add(byte);
    expect(() => {
      received.add(byte);
    }).toThrow(expect.objectContaining({ code: 'MALFORMED_REQUEST' }) as Error);
  });

  it('goes on with chunks that are large enough on average', () => {
    const received = new ReceivedChunks();
    received.add(Buffer.alloc(64 * 1024));
    const byte = Buffer.alloc(1);
    for (let count = 0; count < 1024; count += 1) received.add(byte);
    expect(received.bytes).toBe(64 * 1024 + 1024);
  });
});
