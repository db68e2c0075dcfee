import { RecordingLog } from '../../test/fakes/recording-log.js';
import { parseSecretKey, type SealedSecret } from '../functions/sealed-secret.js';
import { MasterKeys, type MasterKeySource, newMasterKey } from './master-keys.js';
import { SecretVault } from './secret-vault.js';

const token = parseSecretKey('API_TOKEN');
const password = parseSecretKey('PASSWORD');
const [old, current] = [newMasterKey(), newMasterKey()];
const time = new Date('2026-01-01T00:00:00Z');
const never = () => false;

const log = new RecordingLog();
const fromOperator = (...keys: string[]): MasterKeySource => ({
  keys: MasterKeys.parse(keys.join()),
  place: 'the operator',
  make: undefined,
});
const ofServer = (make = () => keysOf(newMasterKey())): MasterKeySource => ({
  keys: undefined,
  place: '/somewhere/secrets.key',
  make,
});
function vaultWith(source: MasterKeySource): SecretVault {
  const vault = new SecretVault(() => source, log);
  vault.readKeys();
  return vault;
}

function keysOf(key: string): MasterKeys {
  return MasterKeys.parse(key)!;
}

function secret(vault: SecretVault, functionId: string, key = token, value = 'hush'): SealedSecret {
  return { key, ...vault.seal(functionId, key, value), createdAt: time, updatedAt: time };
}

const unavailable = expect.objectContaining({ code: 'SECRETS_UNAVAILABLE' }) as Error;

describe('the vault', () => {
  const vault = vaultWith(fromOperator(current));

  it('gives a function its secrets', () => {
    const secrets = [secret(vault, 'f'), secret(vault, 'f', password, 'pass')];
    expect(vault.open({ id: 'f', secrets })).toEqual({ API_TOKEN: 'hush', PASSWORD: 'pass' });
  });

  it("gives nobody another function's, and none under another key", () => {
    const stolen = secret(vault, 'f');
    expect(() => vault.open({ id: 'g', secrets: [stolen] })).toThrow(unavailable);
    expect(() => vault.open({ id: 'f', secrets: [{ ...stolen, key: password }] })).toThrow(unavailable);
  });
});

describe('a master key that is missing', () => {
  const secrets = [secret(vaultWith(fromOperator(old)), 'f')];

  it.each([
    ['altogether', ofServer()],
    ['among others', fromOperator(current)],
  ])('%s is said, without a word about where it was sought', (_, source) => {
    const vault = vaultWith(source);
    expect(vault.canOpen({ secrets })).toBe(false);
    expect(() => vault.open({ id: 'f', secrets })).toThrow(unavailable);
    expect(() => vault.open({ id: 'f', secrets })).not.toThrow(/somewhere/);
  });

  it('is made when nothing is sealed yet, once, and the log says so', () => {
    const vault = vaultWith(ofServer());
    vault.requireKey(never);
    const before = vault.seal('f', token, 'hush');
    vault.requireKey(() => true);
    expect(vault.seal('f', token, 'hush').masterKeyId).toBe(before.masterKeyId);
    expect(log.messagesAt('info')).toEqual([expect.stringContaining('created the master key')]);
  });

  it('is not made anew when something is sealed: it was lost', () => {
    const make = () => {
      throw new Error('must not be asked');
    };
    const vault = vaultWith(ofServer(make));
    expect(() => {
      vault.requireKey(() => true);
    }).toThrow(unavailable);
    expect(() => vault.seal('f', token, 'hush')).toThrow(unavailable);
  });

  it('is not made when the disk is full, and the caller learns why', () => {
    const full = Object.assign(new Error('ENOSPC: /somewhere'), { code: 'ENOSPC', syscall: 'write' });
    const vault = vaultWith(
      ofServer(() => {
        throw full;
      }),
    );
    expect(() => {
      vault.requireKey(never);
    }).toThrow(expect.objectContaining({ code: 'INSUFFICIENT_STORAGE' }) as Error);
  });
});

describe('a master key that was replaced', () => {
  const sealedBefore = [
    secret(vaultWith(fromOperator(old)), 'f'),
    secret(vaultWith(fromOperator(current)), 'f', password),
  ];
  const owner = { id: 'f', secrets: sealedBefore };

  it('still opens what it sealed', () => {
    expect(vaultWith(fromOperator(current, old)).open(owner)).toEqual({
      API_TOKEN: 'hush',
      PASSWORD: 'hush',
    });
  });

  it('is not needed any more once everything is sealed again', () => {
    const secrets = vaultWith(fromOperator(current, old)).resealed(owner)!;
    const vault = vaultWith(fromOperator(current));
    expect(vault.open({ id: 'f', secrets })).toEqual({ API_TOKEN: 'hush', PASSWORD: 'hush' });
    expect(secrets.map(({ createdAt, updatedAt }) => [createdAt, updatedAt])).toEqual([
      [time, time],
      [time, time],
    ]);
    expect(vault.resealed({ id: 'f', secrets })).toBeUndefined();
  });

  it('leaves what cannot be opened as it is', () => {
    expect(vaultWith(fromOperator(current)).resealed(owner)).toBeUndefined();
    expect(vaultWith(ofServer()).resealed(owner)).toBeUndefined();
  });
});
