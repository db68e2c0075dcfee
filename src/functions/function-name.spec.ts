import { functionNameOfUpload, parseFunctionName } from './function-name.js';

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
