import fc from 'fast-check';
import { safeJson, safeLine, safeLines } from './safe-text.js';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\u001b[2J',
    '\u009b2J',
    '\u001b]0;t\u0007',
    '\r',
    '\b',
    '\u202e',
    'a\nb',
    '\u007f',
    '\u2028',
  ),
);
/** What a terminal obeys, or a reader is misled by. */
const obeyed = /[^\P{Cc}\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b-\u200f]/u;

describe('text of somebody else', () => {
  it('is one line that a terminal does not obey', () => {
    fc.assert(fc.property(hostile, (text) => !obeyed.test(safeLine(text))));
  });

  it('keeps its lines where it may have some', () => {
    expect(safeLines('a\r\nb\n\tc\rd')).toBe('a\nb\n\tc\\u000dd');
    fc.assert(fc.property(hostile, (text) => !obeyed.test(safeLines(text).replaceAll('\n', ''))));
  });

  it('is written as JSON writes it', () => {
    expect(safeLine('\u001b[31mred\u202e\n')).toBe('\\u001b[31mred\\u202e\\u000a');
  });

  it('stays as it is where it is harmless', () => {
    expect(safeLine('Grüße, 世界 🎉\tand a tab')).toBe('Grüße, 世界 🎉\tand a tab');
  });
});

describe('JSON', () => {
  it('is nothing but text, and then the very value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), hostile, (value, text) => {
        const json = safeJson({ value, text }, 2);
        expect(obeyed.test(json.replaceAll('\n', ''))).toBe(false);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ value, text })));
      }),
    );
  });
});
