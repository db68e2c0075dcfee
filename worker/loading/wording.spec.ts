import { listed, shownName } from './wording.js';

describe('a name that somebody else chose', () => {
  it.each([
    ['lib/a-b_c.test.js', 'lib/a-b_c.test.js'],
    ['@scope/name', '@scope/name'],
    ['with space', '"with space"'],
    ['a"b', '"a\\"b"'],
    ['line\nbreak', '"line\\nbreak"'],
    ['\u001b[2J', '"\\u001b[2J"'],
    ['\u202egpj.exe', '"\\u{202e}gpj.exe"'],
    ['größe', '"größe"'],
    ['', '""'],
    ['a'.repeat(40), 'a'.repeat(40)],
    ['a'.repeat(10_000), `${'a'.repeat(39)}…`],
  ])('%j is shown as %s', (name, text) => {
    expect(shownName(name)).toBe(text);
  });
});

describe('a list of them', () => {
  it('is cut, and says by how much where that is known', () => {
    expect(listed(['a', 'b'], 2)).toBe('a, b');
    expect(listed(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
    expect(listed(['a', 'b', 'c'], 2, false)).toBe('a, b and many more');
  });
});
