import { ReceivedChunks } from './received-chunks.js';

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
