import { objectProblem } from '../../common/input/field-rules.js';
import { RetryRuleDto } from './retry-rule.js';

const problem = (retry: unknown) => objectProblem(RetryRuleDto, retry, 'retry');

describe('the setting retry', () => {
  it.each([{}, { maxAttempts: 1 }, { maxAttempts: 10, maxAgeSeconds: 604_800 }, { maxAgeSeconds: 1 }])(
    'may be %j',
    (retry) => {
      expect(problem(retry)).toBeUndefined();
    },
  );

  it.each([
    [{ maxAttempts: 0 }, 'retry.maxAttempts must be a whole number from 1 to 10'],
    [{ maxAttempts: 11 }, 'retry.maxAttempts must be a whole number from 1 to 10'],
    [{ maxAttempts: null }, 'retry.maxAttempts must be a whole number from 1 to 10'],
    [{ maxAgeSeconds: 0 }, 'retry.maxAgeSeconds must be a whole number from 1 to 604800'],
    [{ maxAgeSeconds: 604_801 }, 'retry.maxAgeSeconds must be a whole number from 1 to 604800'],
    [{ attempts: 3 }, 'There is no field "retry.attempts"; use maxAttempts or maxAgeSeconds'],
    [{ constructor: 3 }, 'There is no field "retry.constructor"; use maxAttempts or maxAgeSeconds'],
    [[], 'retry must be one JSON object'],
    [null, 'retry must be one JSON object'],
    [3, 'retry must be one JSON object'],
  ])('may not be %j', (retry, sentence) => {
    expect(problem(retry)).toBe(sentence);
  });
});
