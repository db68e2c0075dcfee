import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildStoreContract, contractBudget } from '../../../test/contract/build-store.contract.js';
import { InMemoryBuildStore } from '../../../test/fakes/in-memory-build-store.js';
import { buildLine, buildRecord } from '../../../test/support/builders/builds.js';
import { SqliteBuildStore } from './sqlite/sqlite-build-store.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'glambdar-builds-'));
  file = join(directory, 'builds.sqlite');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

buildStoreContract('the in-memory fake', async (budget) => ({
  store: new InMemoryBuildStore(budget),
  close: () => undefined,
}));
buildStoreContract('SQLite', async (budget) => {
  const store = new SqliteBuildStore(budget);
  await store.open(file);
  return {
    store,
    close: () => {
      store.close();
    },
  };
});

describe('the database of builds', () => {
  it('can be read by its owner only, and has what a killed process had written', async () => {
    const killed = new SqliteBuildStore(contractBudget);
    await expect(killed.open(file)).resolves.toBeUndefined();
    await killed.write(buildRecord('a'), [buildLine(1)], 2000);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    // Not closed: the log is not folded back into the file, as after kill -9.
    const next = new SqliteBuildStore(contractBudget);
    await next.open(file);
    await expect(next.lines('a')).resolves.toEqual([buildLine(1)]);
    next.close();
    killed.close();
  });

  it('is set aside where it cannot be used, and a new one begun', async () => {
    writeFileSync(file, 'precious notes'.repeat(500));
    const store = new SqliteBuildStore(contractBudget);
    await expect(store.open(file)).resolves.toMatchObject({ file: `${file}.unusable` });
    expect(readFileSync(`${file}.unusable`, 'utf8')).toMatch(/^precious/);
    await store.write(buildRecord('a'), [], 2000);
    store.close();
  });

  it('fails in the words of the port where it is closed', async () => {
    const store = new SqliteBuildStore(contractBudget);
    await expect(store.build('a')).rejects.toThrow(/not open/);
  });
});
