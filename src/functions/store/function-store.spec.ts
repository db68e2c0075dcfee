import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  describeFunctionStore,
  type Fault,
  type FaultyStore,
} from '../../../test/contract/function-store.contract.js';
import { InMemoryFunctionStore } from '../../../test/fakes/in-memory-function-store.js';
import { FaultyDatabase } from '../../../test/support/faulty-database.js';
import { openFunctionStore } from '../../../test/support/functions-fixture.js';
import { openDatabase } from '../../storage/sqlite/open-database.js';
import { functionsHistory } from './sqlite/schema.js';
import { SqliteFunctionStore } from './sqlite/sqlite-function-store.js';

const options = { lockTimeoutMs: 100, mayCreate: true };
const directories: string[] = [];

afterAll(async () => {
  for (const directory of directories) await rm(directory, { recursive: true });
});

/** Its one step is the whole change. */
async function faultyFake(): Promise<FaultyStore> {
  const store = new InMemoryFunctionStore();
  const faults: Record<Fault, () => void> = {
    refused: () => {
      store.failNext();
    },
    'lost before': () => {
      store.loseNextAnswer('before');
    },
    'lost after': () => {
      store.loseNextAnswer('after');
    },
  };
  let isPending = false;
  const breakNth = (nth: number, fault: Fault) => {
    isPending = nth > 1;
    if (nth === 1) faults[fault]();
  };
  return { store, breakNth, withdraw: () => isPending };
}

async function newFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'glambdar-store-'));
  directories.push(directory);
  return join(directory, 'glambdar.db');
}

async function faultySqlite(): Promise<FaultyStore> {
  const faulty = new FaultyDatabase(await openDatabase(await newFile(), functionsHistory, options));
  const store = new SqliteFunctionStore(() => Promise.resolve(faulty.database), options.lockTimeoutMs);
  await store.open();
  return {
    store,
    breakNth: (nth, fault) => {
      faulty.breakNth(nth, fault);
    },
    withdraw: () => faulty.withdraw(),
  };
}

describeFunctionStore('the in-memory fake', async () => new InMemoryFunctionStore(), faultyFake);

describeFunctionStore('SQLite', async () => openFunctionStore(await newFile(), options), faultySqlite);
