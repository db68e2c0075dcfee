import { visiblePieces, visibleText } from './visible.js';

describe('foreign text as it is shown', () => {
  it.each([
    ['plain', 'plain'],
    ['Grüße 👋 你好 ✓', 'Grüße 👋 你好 ✓'],
    ['⚠\ufe0f 1\ufe0f\u20e3 👩🏽\u200d🚀 ❤\ufe0f\u200d🔥', '⚠\ufe0f 1\ufe0f\u20e3 👩🏽\u200d🚀 ❤\ufe0f\u200d🔥'],
    ['a\ufe0fb\u200dc', 'a\\ufe0fb\\u200dc'],
    ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['\u001b[31mred\u001b[0m', '\\u001b[31mred\\u001b[0m'],
    ['\u0000\u0007\u007f\u009b', '\\u0000\\u0007\\u007f\\u009b'],
    ['carriage\rreturn', 'carriage\\u000dreturn'],
    ['user\u202egpj.exe', 'user\\u202egpj.exe'],
    ['\u2066a\u2069\u200e\u061c', '\\u2066a\\u2069\\u200e\\u061c'],
    ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
    ['lone \ud800 half', 'lone \\ud800 half'],
    ['tag \u{e0041}', 'tag \\u{e0041}'],
    ['\u2028\u2029', '\\u2028\\u2029'],
  ])('%j is shown as %j', (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it('tells an escape from a text that looks like one', () => {
    expect(visiblePieces('\\u001b\u001b').pieces).toEqual([
      { text: '\\u001b', isEscape: false },
      { text: '\\u001b', isEscape: true },
    ]);
  });

  it('has few pieces, however many characters nobody would see', () => {
    expect(visiblePieces('\u0000\u200b\u0000').pieces).toEqual([
      { text: '\\u0000\\u200b\\u0000', isEscape: true },
    ]);
    const { pieces } = visiblePieces('a\u0000'.repeat(5000));
    expect(pieces.length).toBeLessThan(102);
    expect(pieces.map(({ text }) => text).join('')).toBe('a\\u0000'.repeat(5000));
  });

  it('is bounded, and says how much is missing', () => {
    expect(visiblePieces('x'.repeat(1_000_000), 100)).toEqual({
      pieces: [{ text: 'x'.repeat(100), isEscape: false }],
      omitted: 999_900,
    });
    expect(visibleText('👋👋', 3)).toBe('👋…');
  });
});
