import { credentialIn, mintKey, shownKey } from './api-key.js';

describe('a key', () => {
  it('is an id that tells nothing and 256 random bits, in the form glb_<id>_<secret>', () => {
    const { id, text } = mintKey();
    expect(text).toMatch(new RegExp(`^glb_${id}_[A-Za-z0-9_-]{43}$`));
    expect(mintKey().text).not.toBe(text);
  });

  it('is recognised when it is shown, whatever characters its secret holds', () => {
    for (let i = 0; i < 200; i += 1) {
      const { id, text, secretHash } = mintKey();
      expect(shownKey(text)).toEqual({ id, secretHash });
    }
  });

  it.each([
    '',
    'x',
    'Bearer x',
    `glb_0123456789ab_${'x'.repeat(42)}`,
    `glb_0123456789ab_${'x'.repeat(44)}`,
    `glb_0123456789zz_${'x'.repeat(43)}`,
    `glb_0123456789ab_${'x'.repeat(43)}, Bearer y`,
  ])('is not %j', (text) => {
    expect(shownKey(text)).toBeUndefined();
  });
});

describe('what a request shows in the place of a key', () => {
  it.each([
    ['nothing', {}, undefined],
    ['what follows the scheme, of any case (RFC 9110)', { authorization: 'bEARER   key' }, 'key'],
    ['no key where the scheme is another one', { authorization: 'Basic Z2xiOng=' }, ''],
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
