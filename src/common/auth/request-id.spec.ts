import { requestIdOf } from './request-id.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('requestIdOf', () => {
  it.each(['a', 'Req-42', 'x'.repeat(64)])('keeps %j', (given) => {
    expect(requestIdOf(given)).toBe(given);
  });

  it.each([undefined, '', 'x'.repeat(65), 'a b', 'a\nb', '<script>', 'ä', ['a', 'b']])(
    'replaces %j',
    (given) => {
      expect(requestIdOf(given)).toMatch(uuid);
    },
  );

  it('makes another one each time', () => {
    expect(requestIdOf(undefined)).not.toBe(requestIdOf(undefined));
  });
});
