import { BoundedFunctions } from './bounded-functions.js';

const known = new Set(['a', 'b', 'c']);

function counted(max: number) {
  const functions = new BoundedFunctions(
    max,
    (name) => known.has(name),
    () => ({ calls: 0 }),
  );
  const call = (name: string) => (functions.of(name).calls += 1);
  const calls = () => Object.fromEntries([...functions].map(([label, kept]) => [label, kept.calls]));
  return { functions, call, calls };
}

describe('what is kept for each function', () => {
  it('is its own for the first ones called, and one for all others', () => {
    const { call, calls } = counted(2);
    for (const name of ['b', 'a', 'c', 'b']) call(name);
    expect(calls()).toEqual({ _other: 1, b: 2, a: 1 });
  });

  it('gives up its place when the function is deleted', () => {
    const { functions, call, calls } = counted(1);
    call('a');
    functions.forget('c');
    functions.forget('a');
    call('b');
    expect(calls()).toEqual({ _other: 0, b: 1 });
  });

  it('is not begun anew by a call that ends after the deletion', () => {
    const { call, calls } = counted(1);
    call('deleted');
    call('a');
    expect(calls()).toEqual({ _other: 1, a: 1 });
  });
});
