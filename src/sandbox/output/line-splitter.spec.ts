import fc from 'fast-check';
import { LineSplitter, type SplitLine } from './line-splitter.js';

function linesOf(limitBytes: number, ...chunks: (string | Buffer)[]): SplitLine[] {
  const lines: SplitLine[] = [];
  const splitter = new LineSplitter(limitBytes, (line) => lines.push(line));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk as string));
  splitter.finish();
  return lines;
}

const textsOf = (limitBytes: number, ...chunks: (string | Buffer)[]) =>
  linesOf(limitBytes, ...chunks).map(({ text }) => text);

describe('LineSplitter', () => {
  it('gives a line for each line feed, empty ones included, and one for what has none', () => {
    expect(textsOf(100, 'one\n\ntw', 'o\nrest')).toEqual(['one', '', 'two', 'rest']);
  });

  it('takes the carriage return of a line end for part of it', () => {
    expect(textsOf(100, 'one\r\nt\rwo\r\n')).toEqual(['one', 't\rwo']);
  });

  it('cuts a line at its limit and goes on with the next', () => {
    expect(linesOf(4, 'abcd', 'efgh', 'i\nnext\n')).toEqual([
      { text: 'abcd', isCut: true },
      { text: 'next', isCut: false },
    ]);
  });

  it('joins a character that two chunks share', () => {
    const euro = Buffer.from('€\n');
    expect(textsOf(100, euro.subarray(0, 1), euro.subarray(1))).toEqual(['€']);
  });

  it('replaces what is no UTF-8', () => {
    expect(textsOf(100, Buffer.from([0x61, 0xff, 0xfe, 0x62, 0x0a]))).toEqual(['a��b']);
  });

  it('gives the same lines however the bytes are cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'bc', '\n', '€', '\r\n'), { maxLength: 40 }), (parts) => {
        expect(textsOf(5, ...parts)).toEqual(textsOf(5, parts.join('')));
      }),
    );
  });
});
