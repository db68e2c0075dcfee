import type { KeyMetadata } from '@glambdar/client';
import { expiryAfter, listed, patternsIn, stateOf } from './key-list.js';

const now = Date.parse('2026-05-01T12:00:00Z');
const key = (changes: Partial<KeyMetadata>): KeyMetadata => ({
  id: 'a',
  name: 'ci',
  scopes: ['admin'],
  functions: null,
  createdAt: '2026-01-01T00:00:00Z',
  expiresAt: null,
  revokedAt: null,
  lastUsedOn: null,
  ...changes,
});

describe('a key', () => {
  it('is valid until it is revoked or its time has come', () => {
    expect(stateOf(key({}), now)).toBe('valid');
    expect(stateOf(key({ expiresAt: '2026-05-01T12:00:01Z' }), now)).toBe('valid');
    expect(stateOf(key({ expiresAt: '2026-05-01T12:00:00Z' }), now)).toBe('expired');
    const revoked = { revokedAt: '2026-02-01T00:00:00Z', expiresAt: '2026-03-01T00:00:00Z' };
    expect(stateOf(key(revoked), now)).toBe('revoked');
  });

  it('is listed newest first, and only while it is valid unless one asks for all', () => {
    const keys = [
      key({ id: 'old' }),
      key({ id: 'gone', revokedAt: '2026-02-01T00:00:00Z' }),
      key({ id: 'new' }),
    ];
    expect(listed(keys, false, now).map(({ id }) => id)).toEqual(['new', 'old']);
    expect(listed(keys, true, now).map(({ id }) => id)).toEqual(['new', 'gone', 'old']);
  });

  it('can be limited to patterns, as one writes them', () => {
    expect(patternsIn(' shop-*, till\nweb ')).toEqual(['shop-*', 'till', 'web']);
    expect(patternsIn(' , ')).toBeNull();
  });

  it('can end after some days', () => {
    expect(expiryAfter(30, now)).toBe('2026-05-31T12:00:00.000Z');
    expect(expiryAfter(null, now)).toBeNull();
  });
});
