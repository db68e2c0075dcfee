import { answerBodyOf, hexDump, shownTextBytes } from './answer-body.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the body of an answer', () => {
  it('is empty when it is', () => {
    expect(answerBodyOf(new Uint8Array(), 'application/json')).toEqual({ kind: 'empty' });
  });

  it.each(['application/json', 'application/problem+json; charset=utf-8', null])(
    'is laid out as JSON: %s',
    (type) => {
      expect(answerBodyOf(bytes('{"a":1}'), type)).toMatchObject({ kind: 'json' });
    },
  );

  it('is laid out without colours where it is long', () => {
    const numbers = Array.from({ length: 10_000 }, (_, index) => index);
    expect(answerBodyOf(bytes(JSON.stringify(numbers)), 'application/json')).toEqual({
      kind: 'text',
      text: JSON.stringify(numbers, null, 2),
      note: undefined,
    });
  });

  it.each([
    ['not JSON', 'application/json'],
    ['{"a":1}', 'text/plain'],
    ['<script>alert(1)</script>', 'text/html'],
    ['<svg onload="alert(1)"/>', 'image/svg+xml'],
  ])('is text, whatever it says it is: %s as %s', (text, type) => {
    expect(answerBodyOf(bytes(text), type)).toEqual({ kind: 'text', text, note: undefined });
  });

  it('is a dump of bytes when it is no text', () => {
    expect(answerBodyOf(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff]), 'image/png')).toEqual({
      kind: 'bytes',
      dump: `000000  89 50 4e 47 ff                                   .PNG.`,
      shownBytes: 5,
    });
    expect(answerBodyOf(new Uint8Array([0, 1, 2]), null)).toMatchObject({ kind: 'bytes' });
    expect(answerBodyOf(new Uint8Array(1_000_000).fill(255), null)).toMatchObject({ shownBytes: 4096 });
  });

  it('is text where it says so and is almost', () => {
    expect(answerBodyOf(new Uint8Array([0x61, 0xff]), 'text/plain')).toMatchObject({ text: 'a\ufffd' });
  });

  it('is cut between characters, and not taken for bytes then', () => {
    const long = answerBodyOf(bytes(`x${'ü'.repeat(shownTextBytes)}`), 'text/plain');
    expect(long).toEqual({ kind: 'text', text: `x${'ü'.repeat(shownTextBytes / 2 - 1)}`, note: undefined });
  });

  it('has rows of sixteen bytes', () => {
    expect(hexDump(bytes('0123456789abcdefXYZ')).split('\n')).toEqual([
      '000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef',
      `000010  58 59 5a${' '.repeat(41)}XYZ`,
    ]);
  });
});
