import { BoundedFunctions } from './bounded-functions.js';

const known = new Set(['a', 'b', 'c']);
const bounded = (max: number) =>
  new BoundedFunctions(
    max,
    (name) => known.has(name),
    (label) => ({ label }),
  );

describe('what is kept for each function', () => {
  it('is its own for the first ones called, and one for all others', () => {
    const functions = bounded(2);
    expect(['b', 'a', 'c', 'b'].map((name) => functions.of(name).label)).toEqual(['b', 'a', '_other', 'b']);
    expect(functions.of('a')).toBe(functions.of('a'));
  });

  it('gives up its place when the function is deleted', () => {
    const functions = bounded(1);
    functions.of('a');
    expect([functions.forget('a'), functions.forget('c')]).toEqual([true, false]);
    expect(functions.of('b').label).toBe('b');
  });

  it('is not begun anew by a call that ends after the deletion', () => {
    const functions = bounded(1);
    expect(functions.of('deleted').label).toBe('_other');
    expect(functions.of('a').label).toBe('a');
  });
});
