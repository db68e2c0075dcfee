import fc from 'fast-check';
import { OutputTail } from './output-tail.js';

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
