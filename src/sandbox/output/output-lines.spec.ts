import fc from 'fast-check';
import { countLines, firstLines, lastLines, LineSplitter, type SplitLine } from './output-lines.js';

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

  it('replaces what is not UTF-8', () => {
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

describe('countLines', () => {
  it.each([
    ['', 0],
    ['a', 0],
    ['a\n', 1],
    ['\n\nb\n', 3],
  ])('of %j is %i', (text, lines) => {
    expect(countLines(Buffer.from(text))).toBe(lines);
  });
});

describe('firstLines', () => {
  it.each([
    ['a\nb\nc\n', 2, 'a\nb\n', 2],
    ['\n\n\n', 2, '\n\n', 2],
    ['a\nb', 2, 'a\nb', 1],
    ['a\n', 0, '', 0],
  ])('of %j, %i', (text, wanted, first, lines) => {
    const found = firstLines(Buffer.from(text), wanted);
    expect([found.bytes.toString(), found.lines]).toEqual([first, lines]);
  });
});

describe('lastLines', () => {
  it.each([
    ['a\nb\nc\n', 2, 'b\nc\n'],
    ['a\nb\nc', 2, 'b\nc'],
    ['\n\n\n', 2, '\n\n'],
    ['\n', 1, '\n'],
    ['a\nb\n', 9, 'a\nb\n'],
    ['a\nb\n', 0, ''],
    ['', 2, ''],
  ])('of %j, %i', (text, lines, last) => {
    expect(lastLines(Buffer.from(text), lines).toString()).toBe(last);
  });
});
