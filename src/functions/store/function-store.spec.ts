import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFunctionStore } from '../../../test/contract/function-store.contract.js';
import { InMemoryFunctionStore } from '../../../test/fakes/in-memory-function-store.js';
import { openFunctionStore } from '../../../test/support/functions-fixture.js';

const directories: string[] = [];

afterAll(async () => {
  for (const directory of directories) await rm(directory, { recursive: true });
});

describeFunctionStore('the in-memory fake', async () => new InMemoryFunctionStore());

describeFunctionStore('SQLite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'glambdar-store-'));
  directories.push(directory);
  return openFunctionStore(join(directory, 'glambdar.db'), { lockTimeoutMs: 100, mayCreate: true });
});
