import { mintKey, shownKey } from './key-text.js';

describe('a key', () => {
  it('is an id that tells nothing and 256 random bits, in the form glb_<id>_<secret>', () => {
    const { id, text } = mintKey();
    expect(text).toMatch(new RegExp(`^glb_${id}_[A-Za-z0-9_-]{43}$`));
    expect(mintKey().text).not.toBe(text);
  });

  it('is recognised when it is shown, whatever characters its secret holds', () => {
    for (let i = 0; i < 200; i += 1) {
      const { id, text, secretHash } = mintKey();
      expect(shownKey(`Bearer ${text}`)).toEqual({ id, secretHash });
    }
  });

  it('is shown by a scheme of any case (RFC 9110)', () => {
    const { id, text } = mintKey();
    expect(shownKey(`bearer ${text}`)?.id).toBe(id);
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer x',
    'Basic Z2xiOng=',
    `Bearer glb_0123456789ab_${'x'.repeat(42)}`,
    `Bearer glb_0123456789ab_${'x'.repeat(44)}`,
    `Bearer glb_0123456789zz_${'x'.repeat(43)}`,
    `Bearer glb_0123456789ab_${'x'.repeat(43)}, Bearer y`,
  ])('is not %j', (authorization) => {
    expect(shownKey(authorization)).toBeUndefined();
  });
});
