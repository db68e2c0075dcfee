import fc from 'fast-check';
import { FirstBytes, OutputTail } from './output-tail.js';

function tailOf(limitBytes: number, ...chunks: string[]): OutputTail {
  const tail = new OutputTail(limitBytes);
  for (const chunk of chunks) tail.append(Buffer.from(chunk));
  return tail;
}

describe('OutputTail', () => {
  it('keeps everything within its limit', () => {
    const tail = tailOf(10, 'hello', ' you');
    expect(tail.text()).toBe('hello you');
    expect(tail.droppedBytes).toBe(0);
  });

  it('drops the middle beyond its limit and says how much', () => {
    const tail = tailOf(8, 'abcdefgh', 'ijkl');
    expect(tail.text()).toBe('abcd\n[4 bytes not kept]\nijkl');
    expect(tail.totalBytes).toBe(12);
    expect(tail.droppedBytes).toBe(4);
  });

  it('gives the last whole lines within a number of bytes', () => {
    expect(tailOf(100, 'first line\nsecond\nthird\n').lastLines(15)).toBe('second\nthird');
  });

  it('gives the end of a single long line', () => {
    expect(tailOf(100, 'x'.repeat(50) + 'end').lastLines(5)).toBe('xxend');
  });

  it('does not join the head to the end when the middle is missing', () => {
    expect(tailOf(8, 'abcdefghijklmnop').lastLines()).toBe('mnop');
  });

  it('keeps the first and the last bytes, however the chunks fall', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 12 })),
        fc.integer({ min: 2, max: 20 }),
        (chunks, limit) => {
          const all = chunks.join('');
          const half = Math.floor(limit / 2);
          const dropped = Math.max(0, all.length - limit);
          const expected =
            dropped === 0
              ? all
              : `${all.slice(0, half)}\n[${dropped} bytes not kept]\n${all.slice(half - limit)}`;
          expect(tailOf(limit, ...chunks).text()).toBe(expected);
        },
      ),
    );
  });
});

describe('FirstBytes', () => {
  it('keeps what comes first, in whatever pieces it comes, and says how much of each it keeps', () => {
    const first = new FirstBytes(5);
    expect(['ab', '', 'c', 'defg', 'h'].map((text) => first.append(Buffer.from(text)))).toEqual([
      2, 0, 1, 2, 0,
    ]);
    expect(first.bytes().toString()).toBe('abcde');
  });

  it('begins anew when it is cleared', () => {
    const first = new FirstBytes(5);
    first.append(Buffer.from('abcdef'));
    first.clear();
    expect(first.length).toBe(0);
    first.append(Buffer.from('xyz'));
    expect(first.bytes().toString()).toBe('xyz');
  });

  it('takes no more memory than twice what it holds, byte by byte', () => {
    const first = new FirstBytes(1024 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    const byte = Buffer.from('x');
    for (let count = 0; count < 600_000; count += 1) first.append(byte);
    expect(first.length).toBe(600_000);
    expect(first.bytes().buffer.byteLength).toBeLessThanOrEqual(2 * 600_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024);
  });
});
