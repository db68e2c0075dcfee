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
import { openMasterKeySource } from './master-key-source.js';
import { MasterKeys, newMasterKey } from './master-keys.js';

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
