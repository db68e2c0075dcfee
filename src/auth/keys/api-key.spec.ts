import { keyTokens } from './api-key.js';

describe('a key', () => {
  it('is an id that tells nothing and 256 random bits, in the form glb_<id>_<secret>', () => {
    const { id, text } = keyTokens.mint();
    expect(text).toMatch(new RegExp(`^glb_${id}_[A-Za-z0-9_-]{43}$`));
    expect(keyTokens.mint().text).not.toBe(text);
  });

  it('is recognised when it is shown, whatever characters its secret holds', () => {
    for (let i = 0; i < 200; i += 1) {
      const { id, text, secretHash } = keyTokens.mint();
      expect(keyTokens.read(text)).toEqual({ id, secretHash });
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
    expect(keyTokens.read(text)).toBeUndefined();
  });
});
