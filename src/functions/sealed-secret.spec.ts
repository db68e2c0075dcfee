import { parseSecretKey } from './sealed-secret.js';

describe('parseSecretKey', () => {
  it.each(['A', 'API_TOKEN', 'apiToken2', '_private', 'constructor', 'x'.repeat(128)])('takes %s', (key) => {
    expect(parseSecretKey(key)).toBe(key);
  });

  it.each([
    ...['', 'API-TOKEN', 'API.TOKEN', '2FA', 'ТОКЕН', 'A B', 'A=B', 'A\n', '../A', 'x'.repeat(129)],
    ...['GLAMBDAR_TOKEN', 'NODE_OPTIONS', 'LD_PRELOAD', 'LD_AUDIT', '__proto__'],
  ])('refuses %j', (key) => {
    expect(() => parseSecretKey(key)).toThrow(
      expect.objectContaining({
        code: 'INVALID_SETTINGS',
        details: expect.objectContaining({ field: 'key' }) as object,
      }) as Error,
    );
  });
});
