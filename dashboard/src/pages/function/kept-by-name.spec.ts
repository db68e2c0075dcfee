import { keptByName } from './kept-by-name.js';

describe('what is kept of each function', () => {
  it('is made once', () => {
    const of = keptByName((name) => ({ name }));
    expect(of('a')).toBe(of('a'));
    expect(of('b')).toEqual({ name: 'b' });
  });

  it('is forgotten of those not looked at for the longest time', () => {
    const of = keptByName((name) => ({ name }), 2);
    const [a, b] = [of('a'), of('b')];
    of('a');
    of('c');
    expect(of('a')).toBe(a);
    expect(of('b')).not.toBe(b);
  });
});
