import { layOutJson } from './json-layout.js';

const text = (source: string) =>
  layOutJson(source)
    ?.map((token) => token.text)
    .join('');

describe('the layout of JSON', () => {
  it.each([
    '{"a":1,"b":[true,null,"x\\"y"],"c":{}}',
    '[]',
    '"text, with [marks]: {}"',
    '-1.5e+10',
    '[[],[{}],{"a":[]}]',
  ])('of %s is that of JSON.stringify', (source) => {
    expect(text(source)).toBe(JSON.stringify(JSON.parse(source), null, 2).replace('-15000000000', source));
  });

  it('keeps what parsing would lose: large numbers, the way they are written, repeated keys', () => {
    expect(text('{"id":12345678901234567890,"id":1.0,"e":"\\u0041"}')).toBe(
      '{\n  "id": 12345678901234567890,\n  "id": 1.0,\n  "e": "\\u0041"\n}',
    );
  });

  it('tells keys from strings', () => {
    expect(layOutJson('{"a":"b"}')?.map(({ kind }) => kind)).toEqual([
      'mark',
      'key',
      'mark',
      'string',
      'mark',
    ]);
  });

  it.each(['', 'hello', '{', '{"a":1}{}', "{'a':1}", 'NaN'])('is none for %j', (source) => {
    expect(layOutJson(source)).toBeUndefined();
  });

  it('of something very deep stays small', () => {
    const depth = 5000;
    expect(text('['.repeat(depth) + ']'.repeat(depth))!.length).toBeLessThan(depth * 2 * 85);
  });
});
