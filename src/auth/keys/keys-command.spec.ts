import { InMemoryAuditStore, InMemoryKeyStore } from '../../../test/fakes/in-memory-auth-store.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { KeyService } from './key.service.js';
import { keysUsage, parseKeysCommand, runKeysCommand, UsageError } from './keys-command.js';

const clock = new ManualClock();
let audit: InMemoryAuditStore;
let keys: KeyService;

beforeEach(() => {
  audit = new InMemoryAuditStore();
  keys = new KeyService(new InMemoryKeyStore(audit), clock, 10, () => undefined);
});

const run = (line: string) => runKeysCommand(parseKeysCommand(line.split(' '), clock.wallTime()), keys);

describe('the command for keys', () => {
  it('prints a new key, and nothing else, where a program reads it', async () => {
    const { out, remark } = await run('create --name ci --scopes functions:deploy,functions:invoke');
    expect(out).toMatch(/^glb_[0-9a-f]{12}_[\w-]{43}$/);
    expect(remark).not.toContain(out);
    await expect(keys.list()).resolves.toMatchObject([
      { name: 'ci', scopes: ['functions:deploy', 'functions:invoke'], expiresAt: null },
    ]);
  });

  it('makes keys that end', async () => {
    await run('create --name ci --scopes admin --expires 2027-01-01');
    await expect(keys.list()).resolves.toMatchObject([{ expiresAt: new Date('2027-01-01T00:00:00.000Z') }]);
  });

  it('makes keys that are limited to some functions, and shows which', async () => {
    await run('create --name ci --scopes functions:invoke --functions shop-*,mail');
    await expect(keys.list()).resolves.toMatchObject([{ functions: ['shop-*', 'mail'] }]);
    expect((await run('list')).out.split('\n')[1]).toContain('\tfunctions:invoke\tshop-*,mail\tci');
  });

  it('lists keys without their secrets', async () => {
    const { out } = await run('create --name ci --scopes admin --expires 2027-01-01');
    const listed = await run('list');
    expect(listed.out.split('\n')[1]).toMatch(/^[0-9a-f]{12}\t2027-01-01T.*\tnever used\tadmin\tall\tci$/);
    expect(listed.out).not.toContain(out.slice(-43));
  });

  it('says so when there is none to list', async () => {
    const { out, remark } = await run('list');
    expect(out).toBe('');
    expect(remark).toContain('no key');
  });

  it('revokes', async () => {
    const { out } = await run('create --name ci --scopes admin');
    await run(`revoke ${out.slice(4, 16)}`);
    expect((await run('list')).out).toContain('revoked 2026-01-01');
  });

  it('is recorded as what somebody at the machine did', async () => {
    await run('create --name ci --scopes admin');
    await expect(audit.after(0, 10)).resolves.toMatchObject([{ actor: 'local', address: null }]);
  });

  it.each([
    ['', /^There is no command ""/],
    ['make', /^There is no command "make", only create, list and revoke\./],
    ['create', /^--name is missing\./],
    ['create --name ci', /^--scopes is missing\./],
    ['create ci --name ci --scopes admin', /^There is nothing to do with "ci"\./],
    ['create --name ci --scopes admin --secret x', /^Unknown option '--secret'\./],
    ['create --name', /--name/],
    ['list all', /^There is nothing to do with "all"\./],
    ['list --name ci', /^There is nothing to do with "--name"\./],
    ['revoke', /^<id> is missing\./],
    ['revoke a b', /^There is nothing to do with "b"\./],
  ])('says what is wrong and how it is written when it is written so: %s', (line, problem) => {
    const parse = () => parseKeysCommand(line.split(' '), clock.wallTime());
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(problem);
    expect(parse).toThrow(keysUsage);
  });

  it('asks what to do when nothing is said', () => {
    expect(() => parseKeysCommand([], clock.wallTime())).toThrow(/^Say what to do/);
  });

  it('names the rule that a key breaks', () => {
    const words = ['create', '--name', 'ci', '--scopes', 'everything'];
    expect(() => parseKeysCommand(words, clock.wallTime())).toThrow(/scopes must be one or more of/);
    const limited = ['create', '--name', 'ci', '--scopes', 'admin', '--functions', 'shop-?'];
    expect(() => parseKeysCommand(limited, clock.wallTime())).toThrow(/functions must be 1 to 100 names/);
  });
});
