import { MasterKeys, newMasterKey } from './master-keys.js';

const keysOf = (...keys: string[]): MasterKeys => {
  const parsed = MasterKeys.parse(keys.join('\n'));
  if (parsed) return parsed;
  throw new Error('no keys');
};

const [first, second] = [newMasterKey(), newMasterKey()];

describe('what a master key seals', () => {
  const keys = keysOf(first);
  const value = 'correct horse, ключ, 🔑\n';
  const sealed = keys.seal(value, 'here');

  it('opens with that key in its own place', () => {
    expect(keys.open(sealed, 'here')).toBe(value);
  });

  it('does not show the value, nor whether two are the same', () => {
    const again = keys.seal(value, 'here');
    expect(Buffer.from(sealed.sealed, 'base64').toString('latin1')).not.toContain('horse');
    expect(again.nonce).not.toBe(sealed.nonce);
    expect(again.sealed).not.toBe(sealed.sealed);
  });

  it('opens in no other place', () => {
    expect(() => keys.open(sealed, 'there')).toThrow();
  });

  it('opens with no other key', () => {
    expect(() => keysOf(second).open(sealed, 'here')).toThrow(/no master key/);
    const renamed = { ...sealed, masterKeyId: keysOf(second).sealingId };
    expect(() => keysOf(second).open(renamed, 'here')).toThrow();
  });

  it.each(['sealed', 'nonce'] as const)('does not open when a bit of its %s was changed', (part) => {
    const bytes = Buffer.from(sealed[part], 'base64');
    bytes[0]! ^= 1;
    expect(() => keys.open({ ...sealed, [part]: bytes.toString('base64') }, 'here')).toThrow();
  });

  it('does not open when its end, or all of it, was cut off', () => {
    const bytes = Buffer.from(sealed.sealed, 'base64');
    for (const kept of [bytes.length - 1, 4, 0]) {
      const cut = { ...sealed, sealed: bytes.subarray(0, kept).toString('base64') };
      expect(() => keys.open(cut, 'here')).toThrow();
    }
  });
});

describe('several master keys', () => {
  it('seal with the first and open with each', () => {
    const old = keysOf(second).seal('value', 'here');
    const keys = keysOf(first, second);
    expect(keys.sealingId).toBe(keysOf(first).sealingId);
    expect(keys.open(old, 'here')).toBe('value');
    expect(keys.seal('value', 'here').masterKeyId).toBe(keys.sealingId);
  });

  it('are named by ids that tell nothing of them', () => {
    const { sealingId } = keysOf(first);
    expect(sealingId).toMatch(/^[0-9a-f]{16}$/);
    expect(first).not.toContain(sealingId);
  });
});

describe('MasterKeys.parse', () => {
  it.each([
    ['one line', first],
    ['a line end', `${first}\n`],
    ['upper case', first.toUpperCase()],
    ['several lines', `${first}\r\n\n${second}\n`],
    ['commas', `${first},${second}`],
  ])('takes %s', (_, text) => {
    expect(MasterKeys.parse(text)?.sealingId).toBe(keysOf(first).sealingId);
  });

  it.each(['', '\n', 'secret', first.slice(1), `${first}0`, `${first}\nno key`])('refuses %j', (text) => {
    expect(MasterKeys.parse(text)).toBeUndefined();
  });
});
