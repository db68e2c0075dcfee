import { ApiError, errorOf, isAborted, sentenceOf } from './problem.js';

describe('a failed request', () => {
  it('is told in the sentence of the server', () => {
    const error = errorOf({ detail: 'No function is called "a".', code: 'FUNCTION_NOT_FOUND' }, 404);
    expect(error.message).toBe('No function is called "a".');
    expect([error.status, error.code]).toEqual([404, 'FUNCTION_NOT_FOUND']);
  });

  it('says what to check where no answer came', () => {
    const error = errorOf(new TypeError('Failed to fetch'), undefined);
    expect(error.status).toBe(0);
    expect(error.message).toContain('Check that it runs');
  });

  it.each([['<html>'], [undefined], [null], [{ detail: 7 }]])(
    'names the status where the answer was %p',
    (body) => {
      expect(errorOf(body, 502).message).toContain('502');
    },
  );

  it('stays what it is', () => {
    const error = new ApiError('once', 400, undefined);
    expect(errorOf(error, 500)).toBe(error);
    expect(sentenceOf(error)).toBe('once');
    expect(sentenceOf('text')).toBe('text');
  });

  it('is none where the request was taken back', () => {
    expect(isAborted(new DOMException('', 'AbortError'))).toBe(true);
    expect(isAborted(new Error('AbortError'))).toBe(false);
  });
});
