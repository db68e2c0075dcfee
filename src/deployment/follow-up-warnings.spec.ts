import { deployedFunction } from '../../test/support/builders/functions.js';
import { followUpWarnings } from './follow-up-warnings.js';

const functions = { find: (name: string) => (name === 'there' ? deployedFunction({ name }) : undefined) };
const warningsOf = (settings: { onSuccess?: string; onFailure?: string }) =>
  followUpWarnings(deployedFunction({ name: 'hello', settings }), functions);

describe('the warnings of onSuccess and onFailure', () => {
  it('are none where they name nothing, or a function that there is', () => {
    expect(warningsOf({})).toEqual([]);
    expect(warningsOf({ onSuccess: 'there', onFailure: 'there' })).toEqual([]);
  });

  it('are about a function that there is not, and about the function itself', () => {
    expect(warningsOf({ onSuccess: 'gone', onFailure: 'hello' })).toEqual([
      expect.stringMatching(/^The setting onSuccess: there is no function named "gone"/),
      expect.stringMatching(/^The setting onFailure: "hello" is the function itself/),
    ]);
  });
});
