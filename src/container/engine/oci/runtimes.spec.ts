import { UnusableEngine } from '../container-engine.js';
import type { FoundRuntime, RuntimeName } from './runtime-version.js';
import { Runtimes } from './runtimes.js';

type Machine = Partial<Record<RuntimeName, string>>;

const root = 0;

/** Which runtimes a machine has: each a version, or why it cannot be used. */
function runtimesOf(
  machine: Machine,
  { wanted = '', userId = root }: { readonly wanted?: '' | RuntimeName; readonly userId?: number } = {},
) {
  const asked: RuntimeName[] = [];
  const look = (name: RuntimeName): Promise<FoundRuntime> => {
    asked.push(name);
    const said = machine[name];
    if (said === undefined) return Promise.resolve({ name, problem: 'is missing' });
    return Promise.resolve(
      /^\d/.test(said) ? { name, version: said } : { name, problem: `is unusable: ${said}` },
    );
  };
  return { runtimes: new Runtimes(wanted, look, userId), asked };
}

describe('Runtimes', () => {
  it.each([
    ['crun', { crun: '1.8.1', runc: '1.1.5' }, '', 'crun'],
    ['runc where there is no crun', { runc: '1.1.5' }, '', 'runc'],
    ['runc where crun is too old', { crun: 'it is version 0.17', runc: '1.1.5' }, '', 'runc'],
    ['the one that was asked for', { crun: '1.8.1', runsc: '20221219.0' }, 'runsc', 'runsc'],
  ] as [string, Machine, '' | RuntimeName, RuntimeName][])(
    'chooses %s',
    async (_what, machine, wanted, name) => {
      const { runtimes } = runtimesOf(machine, { wanted });
      await expect(runtimes.usual()).resolves.toEqual({ name, version: machine[name] });
      await expect(runtimes.named(undefined)).resolves.toBe(name);
    },
  );

  it.each([
    [
      'nothing',
      {},
      '',
      'crun is missing; runc is missing. Install crun (apt-get install crun), or unset GLAMBDAR_ENGINE to use Docker.',
    ],
    [
      'a crun alone that is too old',
      { crun: 'it is version 0.17, and has to be 1.8 or newer' },
      '',
      'crun is unusable: it is version 0.17, and has to be 1.8 or newer; runc is missing. Install runc (apt-get install runc), or',
    ],
    [
      'nothing that works',
      { crun: 'it does not tell its version', runc: 'it was built without seccomp' },
      '',
      'crun is unusable: it does not tell its version; runc is unusable: it was built without seccomp. Install a newer crun or runc, or',
    ],
    [
      'another than was asked for',
      { crun: '1.8.1', runc: '1.1.5' },
      'runsc',
      'runsc is missing. Install runsc (apt-get install runsc), or',
    ],
    [
      'only an old one of those asked for',
      { crun: '1.8.1', runc: 'it is version 1.0.0, and has to be 1.1 or newer' },
      'runc',
      'runc is unusable: it is version 1.0.0, and has to be 1.1 or newer. Install a newer runc, or',
    ],
  ] as [string, Machine, '' | RuntimeName, string][])(
    'says what to do on a machine with %s',
    async (_what, machine, wanted, sentence) => {
      const failure = runtimesOf(machine, { wanted }).runtimes.usual();
      await expect(failure).rejects.toThrow(UnusableEngine);
      await expect(failure).rejects.toThrow(
        `GLAMBDAR_ENGINE is oci, and this machine has no OCI runtime for it: ${sentence}`,
      );
    },
  );

  it('is for root alone, and says so before it looks for anything', async () => {
    const { runtimes, asked } = runtimesOf({ crun: '1.8.1' }, { userId: 1000 });
    await expect(runtimes.usual()).rejects.toThrow('Start the server as root, or unset GLAMBDAR_ENGINE');
    expect(asked).toEqual([]);
  });

  it('asks a runtime once, and one that was not there again', async () => {
    const machine: Machine = { crun: '1.8.1' };
    const { runtimes, asked } = runtimesOf(machine);
    await Promise.all([runtimes.has('crun'), runtimes.has('crun')]);
    await expect(runtimes.has('runsc')).resolves.toBe(false);
    machine.runsc = '20221219.0';
    await expect(runtimes.has('runsc')).resolves.toBe(true);
    await expect(runtimes.named('runsc')).resolves.toBe('runsc');
    expect(asked).toEqual(['crun', 'runsc', 'runsc']);
  });

  it('knows no other runtime', async () => {
    const { runtimes } = runtimesOf({ crun: '1.8.1' });
    await expect(runtimes.has('youki')).resolves.toBe(false);
    await expect(runtimes.named('youki')).rejects.toMatchObject({ kind: 'refused' });
  });
});
