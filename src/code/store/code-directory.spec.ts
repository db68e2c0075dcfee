import { parseFunctionName } from '../../functions/function-name.js';
import { CodeDirectory } from './code-directory.js';

describe("a version's directory", () => {
  it.each(['', '.', '..', 'a/b', 'a.b', 'x'.repeat(65)])('refuses %p as the id of a version', (versionId) => {
    expect(() =>
      new CodeDirectory({ directory: '/d' }).ofVersion({ name: parseFunctionName('a'), versionId }),
    ).toThrow();
  });
});
