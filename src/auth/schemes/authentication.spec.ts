import type { IncomingMessage } from 'node:http';
import { FakeAuthenticator } from '../../../test/fakes/fake-authenticator.js';
import { httpRequest } from '../../../test/support/builders/request.js';
import { everyFunction, type Principal } from '../../common/auth/caller.js';
import { Authentication, Unauthenticated } from './authentication.js';

const somebody = (keyId: string): Principal => ({ keyId, scopes: ['admin'], reach: everyFunction });

const [first, second] = [new FakeAuthenticator('First'), new FakeAuthenticator('Second')];
first.knows('ann', somebody('first-ann'));
second.knows('ann', somebody('second-ann'));
second.knows('bob', somebody('second-bob'));

const authentication = new Authentication([first, second]);

const showing = (headers: Record<string, string>): IncomingMessage => httpRequest({ headers });

function failureOf(headers: Record<string, string>): Unauthenticated {
  const known = authentication.authenticate(showing(headers));
  if (!(known instanceof Unauthenticated)) throw new Error('The request was authenticated.');
  return known;
}

describe('a list of schemes', () => {
  it('asks the first one first', () => {
    const both = showing({ 'x-first': 'ann', 'x-second': 'ann' });
    expect(authentication.authenticate(both)).toBe(first.known('ann'));
    expect(new Authentication([second, first]).authenticate(both)).toBe(second.known('ann'));
  });

  it('asks the next one where a request shows nothing of the first', () => {
    expect(authentication.authenticate(showing({ 'x-second': 'bob' }))).toBe(second.known('bob'));
  });

  it('tries no credential that one scheme has refused with the next', () => {
    expect(failureOf({ 'x-first': 'eve', 'x-second': 'bob' }).message).toBe('First does not know you.');
  });

  it('challenges by every scheme, in their order, where nothing is shown, and says what to show', () => {
    expect(failureOf({})).toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'Show something in x-first. Show something in x-second.',
      headers: { 'WWW-Authenticate': ['First reason="missing"', 'Second reason="missing"'] },
    });
  });

  it('says of the scheme that has refused, and of no other, that what was shown is invalid', () => {
    expect(failureOf({ 'x-second': 'eve' })).toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'Second does not know you.',
      headers: { 'WWW-Authenticate': ['First reason="missing"', 'Second reason="invalid"'] },
    });
  });

  it('challenges by every scheme where the caller may too little', () => {
    expect(authentication.challenges({ kind: 'insufficient-scope', scope: 'logs:read' })).toEqual([
      'First reason="insufficient-scope"',
      'Second reason="insufficient-scope"',
    ]);
  });

  it('knows nobody where it is empty', () => {
    expect(new Authentication([]).authenticate(showing({ 'x-first': 'ann' }))).toBeInstanceOf(
      Unauthenticated,
    );
  });
});
