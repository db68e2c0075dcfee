import { countLines, firstLines, lastLines } from './count-lines.js';

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
