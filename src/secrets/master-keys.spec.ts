import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MasterKeys, newMasterKey, openMasterKeySource } from './master-keys.js';

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

let directory: string;
let own: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'glambdar-key-'));
  own = join(directory, 'secrets.key');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const key = newMasterKey();
const idOf = (text: string) => MasterKeys.parse(text)?.sealingId;
const open = (settings: { masterKeys?: string; masterKeyFile?: string } = {}) =>
  openMasterKeySource(directory, { masterKeys: '', masterKeyFile: '', ...settings });

describe("the server's own file", () => {
  it('is not made before it is needed', () => {
    expect(open().keys).toBeUndefined();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is made for its owner alone, and found again', () => {
    const made = open().make?.();
    expect(statSync(own).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['secrets.key']);
    expect(open().keys?.sealingId).toBe(made?.sealingId);
  });

  it('is never replaced', () => {
    const source = open();
    writeFileSync(own, key, { mode: 0o600 });
    expect(source.make?.().sealingId).toBe(idOf(key));
    expect(readFileSync(own, 'utf8')).toBe(key);
  });

  it('is made although an earlier making was cut off by a crash', () => {
    writeFileSync(`${own}.new`, key.slice(0, 10));
    expect(open().make?.()).toBeInstanceOf(MasterKeys);
    expect(readdirSync(directory)).toEqual(['secrets.key']);
  });

  it.each(['', 'half a k', key.slice(1)])(
    'is left alone and keeps the server from starting when it holds %j',
    (text) => {
      writeFileSync(own, text, { mode: 0o600 });
      expect(() => open()).toThrow(/is damaged.*Restore it from a backup/);
      expect(readFileSync(own, 'utf8')).toBe(text);
    },
  );

  it.each([0o640, 0o604])('may not be open to others (%o)', (mode) => {
    writeFileSync(own, key);
    chmodSync(own, mode);
    expect(() => open()).toThrow(/can be read by other users.*chmod 600/);
  });

  it('is a file, and no large one', () => {
    mkdirSync(own);
    expect(() => open()).toThrow(/not a file of master keys/);
    rmSync(own, { recursive: true });
    writeFileSync(own, `${key}\n`.repeat(2000), { mode: 0o600 });
    expect(() => open()).toThrow(/not a file of master keys/);
  });
});

describe("the operator's key", () => {
  it('comes from a file, which is never made', () => {
    const masterKeyFile = join(directory, 'elsewhere');
    expect(() => open({ masterKeyFile })).toThrow(/does not exist.*openssl rand -hex 32/);
    writeFileSync(masterKeyFile, key, { mode: 0o400 });
    const source = open({ masterKeyFile });
    expect([source.keys?.sealingId, source.make]).toEqual([idOf(key), undefined]);
  });

  it('comes from a variable', () => {
    const source = open({ masterKeys: key });
    expect([source.keys?.sealingId, source.make]).toEqual([idOf(key), undefined]);
    expect(JSON.stringify(source.place)).not.toContain(key);
  });

  it('comes from one place', () => {
    expect(() => open({ masterKeys: key, masterKeyFile: own })).toThrow(/not both/);
  });

  it("comes before the server's own", () => {
    writeFileSync(own, newMasterKey(), { mode: 0o600 });
    expect(open({ masterKeys: key }).keys?.sealingId).toBe(idOf(key));
  });
});
