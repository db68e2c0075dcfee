import fc from 'fast-check';
import { isDeeperThan, parseJson, repeatedName } from './json-text.js';

describe('a name that stands twice in one object', () => {
  it.each([
    ['{"a":1,"a":2}', ['a']],
    ['{"a":{"b":1,"b":2}}', ['a', 'b']],
    ['{"a":[{"b":1},{"c":1,"c":2}]}', ['a', 'c']],
    ['{"a":1,"\\u0061":2}', ['a']],
    ['{"x":"{\\"","a" : 1, "b": {"a":1} , "a":2}', ['a']],
    ['{"__proto__":1,"__proto__":2}', ['__proto__']],
  ])('is found in %s', (json, path) => {
    expect(repeatedName(json)).toEqual(path);
  });

  it.each([
    '{}',
    '[]',
    '"a"',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":"b","b":"a"}',
    '{"a":["a","a"]}',
  ])('is found nowhere in %s', (json) => {
    expect(repeatedName(json)).toBeUndefined();
  });

  it('is never found in what was made of an object', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(repeatedName(JSON.stringify(JSON.parse(json)))).toBeUndefined();
      }),
    );
  });
});

describe('JSON from outside', () => {
  it('is as deep as its brackets, however they stand in texts', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 0, max: 8 }), (value, depth) => {
        const json = Buffer.from(JSON.stringify(value));
        expect(isDeeperThan(json, depth)).toBe(depthOf(value) > depth);
      }),
    );
  });

  it('is refused where a byte is no UTF-8, and keeps its text', () => {
    expect(() => parseJson(Buffer.from('"\xff"', 'latin1'))).toThrow();
    expect(parseJson(Buffer.from('\ufeff{"a":1}'))).toEqual({ value: { a: 1 }, text: '{"a":1}' });
  });
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
