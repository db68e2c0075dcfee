import fc from 'fast-check';
import { escapeUnsafe, safeText } from './safe-text.js';

describe('escapeUnsafe', () => {
  it.each([
    ['an escape sequence', '\u001b[2J', String.raw`"\u001b[2J"`],
    ['an escape sequence of one byte', '\u009b2J', String.raw`"\u009b2J"`],
    ['a line end', 'a\r\nb', String.raw`"a\r\nb"`],
    ['a line end of some', 'a\u2028b', String.raw`"a\u2028b"`],
    ['a change of direction', '\u202e', String.raw`"\u202e"`],
    ['half a character', '\ud800', String.raw`"\ud800"`],
  ])('writes %s in letters', (_, text, json) => {
    expect(escapeUnsafe(JSON.stringify(text))).toBe(json);
  });

  it('says the same as JSON, on one line without a control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = escapeUnsafe(JSON.stringify({ text }));
        expect(JSON.parse(json)).toEqual({ text });
        expect(json).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });
});

describe('safeText', () => {
  it.each([
    ['an escape sequence', '\u001b[2J', String.raw`\u001b[2J`],
    ['an escape sequence of one byte', '\u009b2J', String.raw`\u009b2J`],
    ['a line end', 'a\r\nb', String.raw`a\u000d\u000ab`],
    ['a line end of some', 'a\u2028b', String.raw`a\u2028b`],
    ['a change of direction', '\u202e', String.raw`\u202e`],
    ['a bell', '\u0007', String.raw`\u0007`],
  ])('writes %s in letters', (_, text, shown) => {
    expect(safeText(text)).toBe(shown);
  });

  it('leaves letters, quotes, tabs and backslashes alone', () => {
    expect(safeText('\t"ü" \\ 😀')).toBe('\t"ü" \\ 😀');
  });
});
