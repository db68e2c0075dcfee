import { systemErrorCode, storageFailure } from './storage-failure.js';

const systemError = (code: string) =>
  Object.assign(new Error(`${code}: open '/srv/secret'`), { code, syscall: 'open' });

describe('a failure of storage', () => {
  it.each([
    ['ENOSPC', 'INSUFFICIENT_STORAGE'],
    ['EDQUOT', 'INSUFFICIENT_STORAGE'],
    ['EIO', 'STORAGE_UNAVAILABLE'],
    ['EROFS', 'STORAGE_UNAVAILABLE'],
    ['EMFILE', 'STORAGE_UNAVAILABLE'],
  ])('%s becomes %s, its text only in the cause', (code, expected) => {
    const cause = systemError(code);
    expect(storageFailure(cause)).toMatchObject({
      code: expected,
      cause,
      message: expect.not.stringContaining('/srv') as unknown,
    });
  });

  it.each([
    new TypeError('defect'),
    Object.assign(new Error('zlib'), { code: 'Z_DATA_ERROR' }),
    undefined,
    'text',
  ])('is not what %p is', (error) => {
    expect(systemErrorCode(error)).toBeUndefined();
    expect(storageFailure(error)).toBe(error);
  });
});
