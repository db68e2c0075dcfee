import { readPublishedSchema } from '../published-schema.js';
import { checkedKeywords, problemsOf, type Schema } from './schema-check.js';

const explanations = ['$schema', '$id', 'title', 'description', 'default', 'examples'];

/** Of a schema and all in it. */
function keywordsIn(schema: Schema): string[] {
  const { properties = {}, items, additionalProperties } = schema;
  const inner = [items, typeof additionalProperties === 'object' ? additionalProperties : undefined];
  return [
    ...Object.keys(schema),
    ...[...Object.values(properties), ...inner].flatMap((one) => (one === undefined ? [] : keywordsIn(one))),
  ];
}

describe('the check of glambdar.json', () => {
  it('knows every keyword of the published schema', () => {
    const known = [...checkedKeywords, ...explanations];
    expect([...new Set(keywordsIn(readPublishedSchema()))].filter((word) => !known.includes(word))).toEqual(
      [],
    );
  });

  it.each([
    [{ type: 'integer', minimum: 1, maximum: 9 }, 0, 'a must be a whole number from 1 to 9, not 0.'],
    [{ type: 'integer', minimum: 1, maximum: 9 }, 1.5, 'a must be a whole number from 1 to 9, not 1.5.'],
    [
      { type: ['integer', 'null'], minimum: 1, maximum: 9 },
      '5',
      'a must be a whole number from 1 to 9 or null, not "5".',
    ],
    [{ enum: ['x', 'y', null] }, 'z', 'a must be "x", "y" or null, not "z".'],
    [{ type: 'boolean' }, 'true', 'a must be true or false, not "true".'],
    [{ type: 'string', maxLength: 2 }, 'abc', 'a must be text of at most 2 characters, not "abc".'],
    [{ type: 'string', pattern: '^b$' }, 'c', 'a must be text that matches ^b$, not "c".'],
    [{ type: 'array', maxItems: 1 }, [1, 2], 'a must be a list of at most 1 entries, not [1,2].'],
    [{ type: 'array', items: { type: 'string' } }, ['x', 1], 'a[1] must be text, not 1.'],
    [{ type: 'object' }, [], 'a must be an object, not [].'],
    [{ type: 'object' }, null, 'a must be an object, not null.'],
    [
      { type: 'object', properties: { b: {} }, additionalProperties: false },
      { c: 1 },
      'a.c is not known. Known are b.',
    ],
    [
      { type: 'object', properties: {}, additionalProperties: false },
      JSON.parse('{"__proto__":1}'),
      'a.__proto__ is not known. Known are .',
    ],
    [{ type: 'object', additionalProperties: { type: 'string' } }, { c: 1 }, 'a.c must be text, not 1.'],
    [{ type: 'string' }, { long: 'x'.repeat(100) }, `a must be text, not {"long":"${'x'.repeat(51)}….`],
  ] as [Schema, unknown, string][])('holds to %j the value %j', (schema, value, problem) => {
    expect(problemsOf(value, schema, 'a')).toEqual([problem]);
  });

  it.each([
    [{ type: ['integer', 'null'], minimum: 1 }, null],
    [{ type: 'integer', minimum: 1, maximum: 9 }, 9],
    [{ enum: ['x', null] }, null],
    [{ type: 'array', items: { type: 'string' }, maxItems: 1 }, ['x']],
    [
      { type: 'object', properties: { b: { type: 'boolean' } } },
      { b: false, c: 1 },
    ],
    [{}, 'anything'],
  ] as [Schema, unknown][])('lets %j have %j', (schema, value) => {
    expect(problemsOf(value, schema, 'a')).toEqual([]);
  });
});
