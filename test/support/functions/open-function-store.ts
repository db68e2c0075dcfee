import { openDatabase, type OpenOptions } from '../../../src/storage/sqlite/open-database.js';
import type { FunctionDefaults } from '../../../src/functions/settings/default-settings.js';
import { functionsHistory } from '../../../src/functions/store/sqlite/migrations.js';
import { SqliteFunctionStore } from '../../../src/functions/store/sqlite/sqlite-function-store.js';

/** The store on this file, open. */
export async function openFunctionStore(
  file: string,
  options: OpenOptions,
  defaults?: FunctionDefaults,
): Promise<SqliteFunctionStore> {
  const connect = () => openDatabase(file, functionsHistory, options);
  const store = new SqliteFunctionStore(connect, options.lockTimeoutMs, defaults);
  await store.open();
  return store;
}
