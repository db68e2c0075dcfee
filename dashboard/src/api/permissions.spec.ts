import { allows, allowsServer, nobody, type Session } from './permissions.js';

const sessionWith = (changes: Partial<Session>): Session => ({ ...nobody, signedIn: true, ...changes });

describe('what the page offers', () => {
  it('is nothing to who is not signed in', () => {
    expect(allows({ ...nobody, scopes: ['admin'] }, 'functions:read')).toBe(false);
  });

  it('is what the scopes name, and everything with admin', () => {
    expect(allows(sessionWith({ scopes: ['logs:read'] }), 'logs:read')).toBe(true);
    expect(allows(sessionWith({ scopes: ['logs:read'] }), 'functions:deploy')).toBe(false);
    expect(allows(sessionWith({ scopes: ['admin'] }), 'functions:deploy')).toBe(true);
  });

  it.each([
    ['shop', 'shop', true],
    ['shop', 'shops', false],
    ['shop-*', 'shop-till', true],
    ['shop-*', 'shop', false],
    ['*', 'anything', true],
    ['*-eu', 'shop-eu', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*c', 'axxbyyc', true],
    ['a*b*c', 'axxcyyb', false],
    ['a.c', 'abc', false],
  ])('with a key for %s and the function %s: %p', (pattern, name, expected) => {
    expect(allows(sessionWith({ scopes: ['admin'], functions: [pattern] }), 'admin', name)).toBe(expected);
  });

  it('leaves the server out for a key that is limited to functions', () => {
    expect(allowsServer(sessionWith({ scopes: ['admin'], functions: ['*'] }), 'admin')).toBe(false);
    expect(allowsServer(sessionWith({ scopes: ['admin'] }), 'admin')).toBe(true);
  });
});
