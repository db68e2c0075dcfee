import fc from 'fast-check';
import {
  directoryNameOf,
  functionNameOfUpload,
  functionNamePattern,
  isFunctionDirectoryName,
  parseFunctionName,
} from './function-name.js';

const messageOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('the refusal of a name', () => {
  it('shows the name, where it came from, and the rule', () => {
    expect(messageOf(() => parseFunctionName('my site'))).toBe(
      '"my site", in the path, is not a function\'s name: it must be 1 to 64 letters, digits, "_" or "-", beginning with a letter or a digit.',
    );
  });

  it("shows an upload's whole file name, for that is what has to be changed", () => {
    expect(messageOf(() => functionNameOfUpload('my.site.ZIP'))).toMatch(
      /^"my\.site", from the upload's file name "my\.site\.ZIP", is not/,
    );
    expect(messageOf(() => functionNameOfUpload('.zip'))).toMatch(
      /^"", from the upload's file name "\.zip", is not/,
    );
  });

  it('shows nothing that a terminal obeys, and not more than a line can hold', () => {
    const hostile = `\u001b[2J\u009b1m\u202e\r\n${'x'.repeat(100_000)}`;
    for (const parse of [parseFunctionName, functionNameOfUpload]) {
      const message = messageOf(() => parse(hostile));
      expect(message).not.toMatch(/[\p{C}\u2028\u2029]/u);
      expect(message.length).toBeLessThan(600);
    }
  });
});

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
