import { visiblePieces, visibleText } from './visible.js';

describe('foreign text as it is shown', () => {
  it.each([
    ['plain', 'plain'],
    ['Grüße 👋 你好 ✓', 'Grüße 👋 你好 ✓'],
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

  it('is bounded, and says how much is missing', () => {
    expect(visiblePieces('x'.repeat(1_000_000), 100)).toEqual({
      pieces: [{ text: 'x'.repeat(100), isEscape: false }],
      omitted: 999_900,
    });
    expect(visibleText('👋👋', 3)).toBe('👋…');
  });
});
