import fc from 'fast-check';
import { directoryNameOf, isFunctionDirectoryName } from './function-directory.js';
import { functionNamePattern, parseFunctionName } from './function-name.js';

const names = fc.stringMatching(functionNamePattern).map(parseFunctionName);

describe("a function's directory", () => {
  it.each([
    ['myfunc', 'myfunc'],
    ['MyFunc', 'myfunc.5'],
    ['my-func_2', 'my-func_2'],
    ['A'.repeat(64), `${'a'.repeat(64)}.ffffffffffffffff`],
  ])('of %s is %s', (name, directory) => {
    expect(directoryNameOf(parseFunctionName(name))).toBe(directory);
  });

  it('has no capitals and is never shared, also between names that differ in case only', () => {
    const sameLetters = names.chain((name) =>
      fc.tuple(fc.constant(name), fc.mixedCase(fc.constant(name.toLowerCase())).map(parseFunctionName)),
    );
    fc.assert(
      fc.property(fc.oneof(sameLetters, fc.tuple(names, names)), ([one, two]) => {
        expect(directoryNameOf(one)).toMatch(/^[a-z0-9_-]+(\.[0-9a-f]+)?$/);
        expect(directoryNameOf(one) === directoryNameOf(two)).toBe(one === two);
      }),
    );
  });

  it('is known as one by its name', () => {
    fc.assert(fc.property(names, (name) => isFunctionDirectoryName(directoryNameOf(name))));
  });

  it.each(['My Site', 'Hello', '.git', '..', 'a.b.c', 'notes.txt', 'hello.0', '-x', 'x'.repeat(65)])(
    'is never called %p',
    (name) => {
      expect(isFunctionDirectoryName(name)).toBe(false);
    },
  );
});
