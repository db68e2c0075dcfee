import fc from 'fast-check';
import { everyFunction, functionPattern, noFunction, reachOf } from './caller.js';

describe('the reach of a key', () => {
  it.each([
    ['shop', ['shop'], ['Shop', 'shops', 'sho', '']],
    ['shop-*', ['shop-', 'shop-cart', 'shop-*'], ['shop', 'myshop-cart', 'SHOP-cart']],
    ['*-test', ['-test', 'cart-test'], ['test', 'cart-tests']],
    ['a*b*c', ['abc', 'a1b2c', 'abbcc', 'aXbXbXc'], ['acb', 'ab', 'ac', 'abcd']],
    ['ab*ba', ['abba', 'ab-ba'], ['aba', 'ab']],
    ['*a*', ['a', 'bab'], ['', 'b']],
    ['*', ['anything', ''], []],
  ])('of %j includes what the pattern matches whole', (pattern, included, excluded) => {
    const reach = reachOf([pattern]);
    expect(included.filter((name) => !reach.includes(name))).toEqual([]);
    expect(excluded.filter((name) => reach.includes(name))).toEqual([]);
  });

  it('includes what any of its patterns matches', () => {
    const reach = reachOf(['billing', 'shop-*']);
    expect(['billing', 'shop-cart', 'mail'].map((name) => reach.includes(name))).toEqual([true, true, false]);
  });

  it('is limited by whatever patterns it has, and by having none', () => {
    expect([reachOf(['*']).isLimited, reachOf([]).isLimited, reachOf([]).includes('a')]).toEqual([
      true,
      true,
      false,
    ]);
    expect([everyFunction.isLimited, everyFunction.includes('a')]).toEqual([false, true]);
    expect([noFunction.isLimited, noFunction.includes('a')]).toEqual([true, false]);
  });

  it('takes any pattern for what it says, however many stars it has', () => {
    const patterns = fc.stringMatching(/^[ab*]{1,12}$/).filter((pattern) => functionPattern.test(pattern));
    fc.assert(
      fc.property(patterns, fc.stringMatching(/^[ab]{0,12}$/), (pattern, name) => {
        const meant = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
        expect(reachOf([pattern]).includes(name)).toBe(meant.test(name));
      }),
    );
    const worst = reachOf([`${'*a'.repeat(31)}*b`]);
    expect(worst.includes('a'.repeat(64))).toBe(false);
  });
});

describe('a pattern', () => {
  it.each(['shop', 'shop-*', '*', '*-test', 'a*b', 'A_1', '*'.padEnd(64, 'a')])('may be %j', (text) => {
    expect(functionPattern.test(text)).toBe(true);
  });

  it.each([
    '',
    '**',
    'a**',
    '-a',
    '_a',
    'a.b',
    'a/b',
    'a?',
    '[ab]',
    '{a,b}',
    '!a',
    'a b',
    'ü',
    'a\n',
    'a'.repeat(65),
  ])('may not be %j', (text) => {
    expect(functionPattern.test(text)).toBe(false);
  });
});
