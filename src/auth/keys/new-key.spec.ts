import { parseNewKey } from './new-key.js';

const now = new Date('2026-01-01T00:00:00.000Z');
const good = { name: 'ci', scopes: ['functions:deploy'] };

describe('the request for a key', () => {
  it('needs a name and a scope', () => {
    expect(parseNewKey(good, now)).toEqual({ ...good, functions: null, expiresAt: null });
  });

  it('may name a scope twice and gets it once', () => {
    expect(parseNewKey({ ...good, scopes: ['admin', 'admin'] }, now).scopes).toEqual(['admin']);
  });

  it('may limit the key to functions, by their names or patterns of them', () => {
    const functions = ['shop-*', 'mail', 'mail'];
    expect(parseNewKey({ ...good, functions }, now).functions).toEqual(['shop-*', 'mail']);
    expect(parseNewKey({ ...good, functions: null }, now).functions).toBeNull();
  });

  it.each([
    ['2027-01-31', '2027-01-31T00:00:00.000Z'],
    ['2026-01-01T00:00:01Z', '2026-01-01T00:00:01.000Z'],
    ['2026-06-01T12:00+02:00', '2026-06-01T10:00:00.000Z'],
  ])('may say when the key ends: %s', (expiresAt, moment) => {
    expect(parseNewKey({ ...good, expiresAt }, now).expiresAt).toEqual(new Date(moment));
  });

  it.each([
    ['body', null],
    ['body', []],
    ['body', 'text'],
    ['name', { ...good, name: '' }],
    ['name', { ...good, name: '  ' }],
    ['name', { ...good, name: 'x'.repeat(65) }],
    ['name', { ...good, name: 'a\nb' }],
    ['name', { ...good, name: 7 }],
    ['name', { scopes: ['admin'] }],
    ['scopes', { name: 'ci' }],
    ['scopes', { ...good, scopes: [] }],
    ['scopes', { ...good, scopes: 'admin' }],
    ['scopes', { ...good, scopes: ['functions:everything'] }],
    ['scopes', { ...good, scopes: [['admin']] }],
    ['functions', { ...good, functions: [] }],
    ['functions', { ...good, functions: 'shop-*' }],
    ['functions', { ...good, functions: ['shop-?'] }],
    ['functions', { ...good, functions: ['**'] }],
    ['functions', { ...good, functions: [''] }],
    ['functions', { ...good, functions: [['shop']] }],
    ['functions', { ...good, functions: Array.from({ length: 101 }, (_, index) => `f${index}`) }],
    ['expiresAt', { ...good, expiresAt: '2026-01-01' }],
    ['expiresAt', { ...good, expiresAt: '2026-13-01' }],
    ['expiresAt', { ...good, expiresAt: 'tomorrow' }],
    ['expiresAt', { ...good, expiresAt: 4_000_000_000_000 }],
    ['secret', { ...good, secret: 'mine' }],
    ['constructor', { ...good, constructor: 1 }],
  ])('is refused for its %s: %j', (field, candidate) => {
    let thrown: unknown;
    try {
      parseNewKey(candidate, now);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'INVALID_SETTINGS', details: { field } });
  });
});
