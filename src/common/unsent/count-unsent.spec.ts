import type { Request, Response } from 'express';
import { setCaller } from '../auth/caller.js';
import { everyFunction } from '../auth/permissions.js';
import { countUnsent } from './count-unsent.js';
import type { UnsentBytes } from './unsent-bytes.js';

/** Whom an answer is counted for. */
function holderOf(caller: { readonly keyId?: string; readonly scopes?: readonly 'admin'[] } = {}) {
  const holders: (string | undefined)[] = [];
  const unsent = { hold: (_: unknown, holder: string | undefined) => holders.push(holder) };
  const request = { socket: {} } as unknown as Request;
  const { keyId, scopes } = caller;
  if (scopes) setCaller(request, { keyId, scopes, address: '', reach: everyFunction });
  const response = { end: () => undefined } as unknown as Response;
  countUnsent(unsent as unknown as UnsentBytes)(request, response, () => undefined);
  response.end();
  expect(holders).toHaveLength(1);
  return holders[0];
}

describe('an answer that Express has ended counts', () => {
  it('for the key that was shown', () => {
    expect(holderOf({ keyId: 'k-1', scopes: ['admin'] })).toBe('k-1');
  });

  it('for nobody where no key is needed', () => {
    expect(holderOf({ scopes: ['admin'] })).toBeUndefined();
  });

  it('for all strangers together where one is needed and none was shown', () => {
    expect(holderOf()).toBe('strangers');
    expect(holderOf({ scopes: [] })).toBe('strangers');
  });
});
