import { parseFunctionSettings } from './parse-function-settings.js';

const parse = (settings: unknown) => parseFunctionSettings(JSON.stringify(settings));

describe('parseFunctionSettings', () => {
  it('gives the defaults when the field is absent or empty', () => {
    const defaults = { isolation: 'fresh', minContainers: 0, maxContainers: 4, idleTimeoutSeconds: 300 };
    expect(parseFunctionSettings(undefined)).toEqual(defaults);
    expect(parse({})).toEqual(defaults);
  });

  it('takes what is given and fills in the rest', () => {
    expect(parse({ isolation: 'warm', maxContainers: 64 })).toEqual({
      isolation: 'warm',
      minContainers: 0,
      maxContainers: 64,
      idleTimeoutSeconds: 300,
    });
  });

  it.each([
    ['minContainers', { minContainers: 0 }],
    ['minContainers', { minContainers: 64, maxContainers: 64 }],
    ['maxContainers', { maxContainers: 1 }],
    ['idleTimeoutSeconds', { idleTimeoutSeconds: 1 }],
    ['idleTimeoutSeconds', { idleTimeoutSeconds: 86_400 }],
  ])('takes %s at its limit: %j', (_, settings) => {
    expect(parse(settings)).toMatchObject(settings);
  });

  it.each([
    ['isolation', { isolation: 'cold' }],
    ['isolation', { isolation: null }],
    ['isolation', { isolation: ['warm'] }],
    ['minContainers', { minContainers: -1 }],
    ['minContainers', { minContainers: 65 }],
    ['minContainers', { minContainers: '2' }],
    ['minContainers', { minContainers: 1.5 }],
    ['minContainers', { minContainers: true }],
    ['minContainers', { minContainers: null }],
    ['maxContainers', { maxContainers: 0 }],
    ['maxContainers', { maxContainers: 65 }],
    ['maxContainers', { maxContainers: null }],
    ['maxContainers', { minContainers: 5 }],
    ['idleTimeoutSeconds', { idleTimeoutSeconds: 0 }],
    ['idleTimeoutSeconds', { idleTimeoutSeconds: 86_401 }],
    ['idleTimeoutSeconds', { idleTimeoutSeconds: null }],
    ['timeout', { timeout: 3 }],
    ['constructor', { constructor: { prototype: {} } }],
    ['toString', { toString: 1 }],
  ])('refuses %s, naming it: %j', (field, settings) => {
    expect(() => parse(settings)).toThrow(
      expect.objectContaining({
        code: 'INVALID_CONFIG',
        details: expect.objectContaining({ field }) as object,
      }) as Error,
    );
  });

  it.each(['', 'null', '[]', '"warm"', '3', '{', '{"isolation":"warm"}{}'])(
    'refuses %j, which is no object',
    (text) => {
      expect(() => parseFunctionSettings(text)).toThrow(/must be one JSON object/);
    },
  );

  it.each([[['{}', '{}']], [{ isolation: 'warm' }]])(
    'refuses a field that was sent in parts: %j',
    (field) => {
      expect(() => parseFunctionSettings(field)).toThrow(/must be one JSON object/);
    },
  );

  it('refuses what would reach for the prototype', () => {
    expect(() => parseFunctionSettings('{"__proto__":{"isolation":"warm"}}')).toThrow(/__proto__/);
  });
});
