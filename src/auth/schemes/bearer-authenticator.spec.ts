import { InMemoryKeyStore } from '../../../test/fakes/in-memory-auth-store.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { apiKey, auditEntry } from '../../../test/support/builders/functions.js';
import { httpRequest } from '../../../test/support/builders/request.js';
import { keyTokens } from '../keys/api-key.js';
import { KeyRing } from '../keys/key-ring.js';
import { RefusedCredential } from './authentication.js';
import { BearerAuthenticator, credentialIn } from './bearer-authenticator.js';

describe('what a request shows in the place of a key', () => {
  it.each([
    ['nothing', {}, undefined],
    ['what follows the scheme, of any case (RFC 9110)', { authorization: 'bEARER   key' }, 'key'],
    ['nothing where the scheme is another one', { authorization: 'Basic Z2xiOng=' }, undefined],
    ['nothing where the scheme stands alone', { authorization: 'Bearer' }, undefined],
    ['what X-Glambdar-Key says', { 'x-glambdar-key': 'key' }, 'key'],
    [
      'what X-Glambdar-Key says, where both are there',
      { authorization: 'Bearer a', 'x-glambdar-key': 'b' },
      'b',
    ],
    ['no key where X-Glambdar-Key is empty', { authorization: 'Bearer a', 'x-glambdar-key': '' }, ''],
  ])('is %s', (_, headers, shown) => {
    expect(credentialIn(headers)).toBe(shown);
  });
});

describe('the scheme of bearers', () => {
  const { id, text, secretHash } = keyTokens.mint();

  async function authenticated(headers: Record<string, string>) {
    const store = new InMemoryKeyStore();
    await store.insert(apiKey({ id, secretHash, functions: ['shop-*'] }), auditEntry());
    const ring = new KeyRing(store, new ManualClock(), new RecordingLog());
    await ring.load();
    return new BearerAuthenticator(ring).authenticate(httpRequest({ headers }));
  }

  it.each(['authorization', 'x-glambdar-key'])('knows who shows a key in %s', async (header) => {
    const shown = header === 'authorization' ? `Bearer ${text}` : text;
    await expect(authenticated({ [header]: shown })).resolves.toMatchObject({
      keyId: id,
      scopes: ['functions:read'],
      reach: { isLimited: true },
    });
  });

  it.each([{}, { authorization: 'Basic Z2xiOng=' }, { authorization: 'Bearer' }])(
    'leaves a request that shows no key to the next scheme, and in the end to the words that say what to send: %j',
    async (headers) => {
      await expect(authenticated(headers)).resolves.toBeUndefined();
    },
  );

  it.each([
    { authorization: `Bearer ${keyTokens.mint().text}` },
    { authorization: 'Bearer of something else' },
    { authorization: `Bearer ${text}`, 'x-glambdar-key': 'wrong' },
  ])('refuses whatever else is shown: %j', async (headers) => {
    await expect(authenticated(headers)).resolves.toBeInstanceOf(RefusedCredential);
  });
});
